//! Files that are seen through something which answers for some of them itself.

use crate::files::{FileError, FileKind, Files};

/// What it does not answer itself, the files beneath answer.
pub(super) trait Layer: Sync {
    fn beneath(&self) -> &dyn Files;

    fn read_through(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
        self.beneath().read_at_most(path, most)
    }

    fn kind_through(&self, path: &str) -> Option<FileKind> {
        self.beneath().kind(path)
    }

    fn walk_through(&self, folder: &str) -> Vec<String> {
        self.beneath().walk(folder)
    }
}

impl<T: Layer> Files for T {
    fn read_at_most(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
        self.read_through(path, most)
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        self.kind_through(path)
    }

    fn walk(&self, folder: &str) -> Vec<String> {
        self.walk_through(folder)
    }

    fn list(&self, folder: &str, within: &str) -> Vec<String> {
        self.beneath().list(folder, within)
    }

    fn links_out(&self, folder: &str, within: &str) -> Vec<String> {
        self.beneath().links_out(folder, within)
    }

    fn absolute(&self, path: &str) -> Option<String> {
        self.beneath().absolute(path)
    }

    fn is_within(&self, path: &str, folder: &str) -> bool {
        self.beneath().is_within(path, folder)
    }

    fn write(&self, path: &str, contents: &[u8]) -> Result<(), FileError> {
        self.beneath().write(path, contents)
    }
}
