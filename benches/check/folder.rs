//! Where inputs are written, for as long as they are measured.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
};

/// A folder of its own, which is removed with all that is in it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("check-{}-{name}", process::id()));
        fs::create_dir_all(&folder).expect("a new folder can be made in the target folder");
        Self(folder)
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is in nobody's way.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// How many bytes the files below `path` have.
pub(crate) fn bytes(path: &Path) -> u64 {
    let about = fs::metadata(path).expect("what was written is there");
    if about.is_file() {
        return about.len();
    }
    let entries = fs::read_dir(path).expect("what was written is there");
    entries.map(|it| bytes(&it.expect("what was written is there").path())).sum()
}
