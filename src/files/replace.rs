//! A file that is replaced whole or not at all, whatever happens meanwhile.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

/// No run is writing any more to what it put beside a file so long ago: it has been killed.
const LONGEST: Duration = Duration::from_secs(3600);

/// Puts `contents` in the place of what is at `path`. Whoever reads it meanwhile reads the old file or the new one; who
/// kills the run while it writes leaves the old one, and nothing else where the system has files without a name.
pub(super) fn replace(path: &Path, permissions: Option<fs::Permissions>, contents: &[u8]) -> io::Result<()> {
    let Some(mut file) = unnamed::create_beside(path) else { return replace_by_name(path, permissions, contents) };
    fill(&mut file, permissions.clone(), contents)?;
    match unnamed::link(&file, path) {
        Ok(()) => return Ok(()),
        // A link does not replace: the file gets a name beside the old one, and by that it takes its place.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => (),
        Err(_) => return replace_by_name(path, permissions, contents),
    }
    let linked = with_name_beside(path, |beside| unnamed::link(&file, beside));
    match linked {
        Ok((beside, ())) => rename(&beside, path),
        Err(_) => replace_by_name(path, permissions, contents),
    }
}

/// Writes beside `path` and renames: on one file system that is one step.
fn replace_by_name(path: &Path, permissions: Option<fs::Permissions>, contents: &[u8]) -> io::Result<()> {
    let create = |beside: &Path| fs::OpenOptions::new().write(true).create_new(true).open(beside);
    let (beside, mut file) = with_name_beside(path, create)?;
    match fill(&mut file, permissions, contents) {
        Ok(()) => rename(&beside, path),
        Err(error) => {
            // What failed is what the user has to hear, not that its rest could not be removed either.
            let _ = fs::remove_file(&beside);
            Err(error)
        }
    }
}

/// Writes all of it, to the disk itself: a full one may tell so only then.
fn fill(file: &mut fs::File, permissions: Option<fs::Permissions>, contents: &[u8]) -> io::Result<()> {
    file.write_all(contents)?;
    permissions.map_or(Ok(()), |it| file.set_permissions(it))?;
    match file.sync_all() {
        // Not every file system can be asked.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

fn rename(beside: &Path, path: &Path) -> io::Result<()> {
    let renamed = fs::rename(beside, path);
    if renamed.is_err() {
        let _ = fs::remove_file(beside);
    }
    renamed
}

/// What `create` makes in the folder of `path`, under a name that nobody else has taken; and that name.
fn with_name_beside<T>(path: &Path, create: impl Fn(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    let name = path.file_name().ok_or_else(|| io::Error::other("not the name of a file"))?.to_string_lossy();
    let mut number = 0;
    loop {
        let beside = path.with_file_name(format!(".{name}.{number}.tmp"));
        match create(&beside) {
            Ok(made) => return Ok((beside, made)),
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) if is_left_over(&beside) && fs::remove_file(&beside).is_ok() => (),
            Err(_) => number += 1,
        }
    }
}

/// Whether a run that has been killed left this.
fn is_left_over(beside: &Path) -> bool {
    let modified = fs::symlink_metadata(beside).and_then(|it| it.modified());
    modified.is_ok_and(|it| it.elapsed().is_ok_and(|age| LONGEST < age))
}

/// Files that have no name until they are whole: when the run ends before, the system forgets them.
#[cfg(target_os = "linux")]
mod unnamed {
    use std::{
        fs, io,
        os::{fd::AsRawFd as _, unix::fs::OpenOptionsExt as _},
        path::Path,
    };

    use rustix::fs::{AtFlags, CWD, OFlags, linkat};

    /// `None`: this file system has none.
    pub(super) fn create_beside(path: &Path) -> Option<fs::File> {
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let flags = i32::try_from(OFlags::TMPFILE.bits()).ok()?;
        fs::OpenOptions::new().write(true).custom_flags(flags).open(folder).ok()
    }

    /// Gives a file its name. The way over `/proc` is the one that needs no privilege.
    pub(super) fn link(file: &fs::File, path: &Path) -> io::Result<()> {
        let own = format!("/proc/self/fd/{}", file.as_raw_fd());
        Ok(linkat(CWD, own, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }
}

/// Other systems have no such files.
#[cfg(not(target_os = "linux"))]
mod unnamed {
    use std::{fs, io, path::Path};

    pub(super) fn create_beside(_: &Path) -> Option<fs::File> {
        None
    }

    pub(super) fn link(_: &fs::File, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "what is written is looked at on the disk itself")]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = Path::new("target/tmp/replace").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn either_way_replaces_the_whole_file() {
        for (name, way) in [("unnamed", replace as fn(&Path, _, &[u8]) -> _), ("named", replace_by_name)] {
            let folder = folder(name);
            let path = folder.join("out");
            way(&path, None, b"a long text").unwrap();
            way(&path, None, b"new").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "new", "{name}");
            assert_eq!(names(&folder), ["out"], "{name}");
            assert!(way(&folder.join("no/out"), None, b"new").is_err(), "{name}");
            fs::remove_dir_all(folder).unwrap();
        }
    }

    #[test]
    fn what_a_killed_run_left_is_taken_away_and_what_another_writes_is_not() {
        let folder = folder("left");
        let path = folder.join("out");
        let old = SystemTime::now() - 2 * LONGEST;
        fs::File::create(folder.join(".out.0.tmp")).unwrap().set_modified(old).unwrap();
        fs::File::create(folder.join(".out.1.tmp")).unwrap();
        fs::write(&path, "old").unwrap();
        for _ in 0..2 {
            replace(&path, None, b"new").unwrap();
            assert_eq!(names(&folder), [".out.1.tmp", "out"]);
        }
        replace_by_name(&path, None, b"new").unwrap();
        assert_eq!(names(&folder), [".out.1.tmp", "out"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
