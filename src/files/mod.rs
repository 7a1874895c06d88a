//! The only door to the disk: everything else takes a [`Files`], so that a test can give it any tree of files.

mod replace;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    io::{self, Read as _, Write as _},
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use walkdir::{DirEntry, WalkDir};

use self::replace::replace;

/// A tree of files. A path is relative to the folder of the run, or absolute, and has `/` between its steps.
///
/// Shared between threads: evaluation runs on a stack of its own.
pub trait Files: Sync {
    /// The whole of a file that people write: code, templates, settings. What is no regular file is refused: a pipe would
    /// wait for ever, a device never end; and so is what is larger than [`MOST_WRITTEN`].
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.read_at_most(path, MOST_WRITTEN)
    }

    /// The whole of a file that programs write, such as a plan: up to [`MOST_GENERATED`].
    fn read_generated(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.read_at_most(path, MOST_GENERATED)
    }

    /// The whole of a file that holds no more than `most` bytes.
    fn read_at_most(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError>;

    /// What stands at `path`; links are followed. `None`: nothing does, or nobody may look.
    fn kind(&self, path: &str) -> Option<FileKind>;

    /// The files below `folder`, sorted, each with `folder` before it (`.` is left out). Not walked into: hidden
    /// folders (`.terraform`, `.terragrunt-cache`), `node_modules`, links to folders, and folders that may not be read.
    /// A link to a file is listed when that file lies below `folder` too.
    fn walk(&self, folder: &str) -> Vec<String>;

    /// The names of the files that lie in `folder` itself, sorted. A link to a file is listed when that file lies below
    /// `within`.
    fn list(&self, folder: &str, within: &str) -> Vec<String>;

    /// The names of the links in `folder` itself that [`Files::list`] leaves out, sorted.
    fn links_out(&self, _folder: &str, _within: &str) -> Vec<String> {
        Vec::new()
    }

    /// `path` from the root of all folders on; `None` where nothing stands there.
    fn absolute(&self, path: &str) -> Option<String>;

    /// Whether `path` leads to something below `folder`, links followed.
    fn is_within(&self, path: &str, folder: &str) -> bool;

    /// Replaces the file at `path`, whole or not at all: whoever reads it meanwhile reads the old one. A pipe or device
    /// is written to as it is.
    fn write(&self, path: &str, contents: &[u8]) -> Result<(), FileError>;
}

/// The repository that what lies at `path` belongs to: the nearest folder above it that holds `.git`.
pub fn repository_of(files: &dyn Files, path: &str) -> Option<String> {
    let mut folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned();
    for _ in 0..HIGHEST {
        if files.kind(&format!("{folder}/.git")).is_some() {
            return Some(folder);
        }
        folder.push_str("/..");
    }
    None
}

/// How many folders a path has above it at most.
const HIGHEST: usize = 64;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    File,
    Folder,
    /// A pipe, a socket, a device.
    Other,
}

/// A file that could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    pub path: String,
    pub trouble: FileTrouble,
}

/// What stood in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileTrouble {
    Missing,
    Forbidden,
    IsFolder,
    /// A pipe, a socket, a device.
    IsNotRegular,
    /// It holds more bytes than this, which is as much as is read of a file of its kind.
    TooLarge(u64),
    /// There is not enough memory for it.
    NoMemory,
    /// As the operating system puts it.
    Other(String),
}

/// The files of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

/// Files that exist only in memory, for tests.
#[derive(Debug, Default)]
pub struct Memory {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    others: BTreeSet<String>,
    /// Where they are from is not known.
    is_carried: bool,
}

/// How many bytes of code, of a template or of settings are read at most: 16 MiB. CloudFormation takes 1 MB. What is read
/// takes up to a hundred times as much memory, if it is written to do so.
pub const MOST_WRITTEN: u64 = 16 << 20;

/// How many bytes of a plan or a state are read at most: 4 GiB. Beyond that no place in it could be told.
pub const MOST_GENERATED: u64 = (1 << 32) - 1;

/// Bytes that are no text that we read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotText {
    /// Neither UTF-8 nor marked as UTF-16; the byte at which that shows.
    NotUtf8 { at: usize },
    /// Marked as UTF-16, and it is not.
    NotUtf16,
}

/// The text in `bytes`: UTF-8, or UTF-16 that says so by its first two bytes, as `PowerShell` 5 writes it. A byte order
/// mark is no part of it.
pub fn decode(mut bytes: Vec<u8>) -> Result<String, NotText> {
    match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => {
            bytes.drain(..3);
        }
        [0xFF, 0xFE, rest @ ..] => return decode_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => return decode_utf16(rest, u16::from_be_bytes),
        _ => (),
    }
    String::from_utf8(bytes).map_err(|error| NotText::NotUtf8 { at: error.utf8_error().valid_up_to() })
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    if !bytes.len().is_multiple_of(2) {
        return Err(NotText::NotUtf16);
    }
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).collect::<Result<_, _>>().map_err(|_| NotText::NotUtf16)
}

impl Files for Disk {
    fn read_at_most(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
        let told = |error| FileError::of(path, &error);
        // Before it is opened, too: opening a pipe waits for its other end.
        refuse_unless_regular(path, kind_of(fs::metadata(path).map_err(told)?.file_type()))?;
        let file = fs::File::open(path).map_err(told)?;
        let metadata = file.metadata().map_err(told)?;
        refuse_unless_regular(path, kind_of(metadata.file_type()))?;
        let refused = |trouble| FileError { path: path.to_owned(), trouble };
        let size = usize::try_from(metadata.len()).ok().filter(|_| metadata.len() <= most);
        let size = size.ok_or_else(|| refused(FileTrouble::TooLarge(most)))?;
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(size).map_err(|_| refused(FileTrouble::NoMemory))?;
        // What grows meanwhile has an end as well.
        file.take(most + 1).read_to_end(&mut bytes).map_err(told)?;
        if most < bytes.len() as u64 {
            return Err(refused(FileTrouble::TooLarge(most)));
        }
        Ok(bytes)
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        fs::metadata(path).ok().map(|it| kind_of(it.file_type()))
    }

    fn walk(&self, folder: &str) -> Vec<String> {
        let root = fs::canonicalize(folder).ok();
        let entries = WalkDir::new(folder).min_depth(1).into_iter().filter_entry(is_walked_into);
        let files = entries.filter_map(Result::ok).filter(|entry| is_file_below(entry, root.as_deref()));
        let mut paths: Vec<_> = files.filter_map(|entry| with_slashes(entry.path(), folder)).collect();
        paths.sort();
        paths
    }

    fn list(&self, folder: &str, within: &str) -> Vec<String> {
        let root = fs::canonicalize(within).ok();
        let entries = WalkDir::new(folder).min_depth(1).max_depth(1).into_iter().filter_map(Result::ok);
        let files = entries.filter(|entry| is_file_below(entry, root.as_deref()));
        let mut names: Vec<_> = files.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect();
        names.sort();
        names
    }

    fn links_out(&self, folder: &str, within: &str) -> Vec<String> {
        let root = fs::canonicalize(within).ok();
        let entries = WalkDir::new(folder).min_depth(1).max_depth(1).into_iter().filter_map(Result::ok);
        let links = entries.filter(|it| it.file_type().is_symlink() && !is_file_below(it, root.as_deref()));
        let mut names: Vec<_> = links.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect();
        names.sort();
        names
    }

    fn absolute(&self, path: &str) -> Option<String> {
        let absolute = fs::canonicalize(path).ok()?;
        with_slashes(&absolute, "")
    }

    fn is_within(&self, path: &str, folder: &str) -> bool {
        let (path, folder) = (fs::canonicalize(path), fs::canonicalize(folder));
        path.is_ok_and(|path| folder.is_ok_and(|folder| path.starts_with(folder)))
    }

    fn write(&self, path: &str, contents: &[u8]) -> Result<(), FileError> {
        let written = match self.kind(path) {
            None => replace(Path::new(path), None, contents),
            // The link stays, and the file that it names is replaced.
            Some(FileKind::File) => fs::canonicalize(path).and_then(|file| {
                let permissions = fs::metadata(&file)?.permissions();
                replace(&file, Some(permissions), contents)
            }),
            Some(FileKind::Folder) => return Err(FileError { path: path.to_owned(), trouble: FileTrouble::IsFolder }),
            Some(FileKind::Other) => {
                fs::OpenOptions::new().write(true).open(path).and_then(|mut it| it.write_all(contents))
            }
        };
        written.map_err(|error| FileError::of(path, &error))
    }
}

fn kind_of(file: fs::FileType) -> FileKind {
    if file.is_file() {
        FileKind::File
    } else if file.is_dir() {
        FileKind::Folder
    } else {
        FileKind::Other
    }
}

fn refuse_unless_regular(path: &str, kind: FileKind) -> Result<(), FileError> {
    let trouble = match kind {
        FileKind::File => return Ok(()),
        FileKind::Folder => FileTrouble::IsFolder,
        FileKind::Other => FileTrouble::IsNotRegular,
    };
    Err(FileError { path: path.to_owned(), trouble })
}

fn is_walked_into(entry: &DirEntry) -> bool {
    entry.depth() == 0
        || !entry.file_type().is_dir()
        || entry.file_name().to_str().is_none_or(|name| !is_left_out(name))
}

/// Hidden folders, and folders that hold copies of others' code.
fn is_left_out(folder: &str) -> bool {
    folder.starts_with('.') || folder == "node_modules"
}

fn is_file_below(entry: &DirEntry, root: Option<&Path>) -> bool {
    if !entry.file_type().is_symlink() {
        return entry.file_type().is_file();
    }
    let Ok(target) = fs::canonicalize(entry.path()) else { return false };
    target.is_file() && root.is_some_and(|root| target.starts_with(root))
}

/// `None`: a name that is no Unicode, which no code can refer to.
fn with_slashes(path: &Path, folder: &str) -> Option<String> {
    let path = if folder == "." { path.strip_prefix(".").unwrap_or(path) } else { path };
    let path = path.to_str()?;
    Some(if std::path::MAIN_SEPARATOR == '/' { path.to_owned() } else { path.replace(std::path::MAIN_SEPARATOR, "/") })
}

impl Memory {
    /// These files, by path.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (normal(path), text.as_bytes().to_vec())).collect();
        Self { files: Mutex::new(files), others: BTreeSet::new(), is_carried: false }
    }

    /// Adds something that is neither a file nor a folder.
    #[must_use]
    pub fn with_other(mut self, path: &str) -> Self {
        self.others.insert(normal(path));
        self
    }

    /// The same files, which lie elsewhere: nobody knows in which folder.
    #[must_use]
    pub fn carried(self) -> Self {
        Self { is_carried: true, ..self }
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for Memory {
    fn read_at_most(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
        let missing = || FileError { path: path.to_owned(), trouble: FileTrouble::Missing };
        refuse_unless_regular(path, self.kind(path).ok_or_else(missing)?)?;
        let bytes = self.files().get(&normal(path)).cloned().ok_or_else(missing)?;
        let is_too_large = most < bytes.len() as u64;
        if is_too_large {
            return Err(FileError { path: path.to_owned(), trouble: FileTrouble::TooLarge(most) });
        }
        Ok(bytes)
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        let path = normal(path);
        let files = self.files();
        let below = inside(&path);
        if files.contains_key(&path) {
            Some(FileKind::File)
        } else if self.others.contains(&path) {
            Some(FileKind::Other)
        } else {
            let holds = path.is_empty() || files.keys().chain(&self.others).any(|it| it.starts_with(&below));
            holds.then_some(FileKind::Folder)
        }
    }

    fn walk(&self, folder: &str) -> Vec<String> {
        let below = inside(&normal(folder));
        let before = if folder == "." { String::new() } else { format!("{}/", folder.trim_end_matches('/')) };
        let files = self.files();
        let inner = files.keys().filter_map(|path| path.strip_prefix(&below));
        let mut walked: Vec<_> = inner
            .filter(|path| path.rsplit_once('/').is_none_or(|(folders, _)| !folders.split('/').any(is_left_out)))
            .map(|path| format!("{before}{path}"))
            .collect();
        walked.sort();
        walked
    }

    fn list(&self, folder: &str, _: &str) -> Vec<String> {
        let below = inside(&normal(folder));
        let files = self.files();
        files
            .keys()
            .filter_map(|path| path.strip_prefix(&below))
            .filter(|it| !it.contains('/'))
            .map(str::to_owned)
            .collect()
    }

    fn absolute(&self, path: &str) -> Option<String> {
        self.kind(path).filter(|_| !self.is_carried).map(|_| format!("/{}", normal(path)))
    }

    fn is_within(&self, path: &str, folder: &str) -> bool {
        normal(path) == normal(folder) || normal(path).starts_with(&inside(&normal(folder)))
    }

    fn write(&self, path: &str, contents: &[u8]) -> Result<(), FileError> {
        match self.kind(path) {
            Some(FileKind::Folder) => Err(FileError { path: path.to_owned(), trouble: FileTrouble::IsFolder }),
            Some(FileKind::Other) => Ok(()),
            None | Some(FileKind::File) => {
                self.files().insert(normal(path), contents.to_vec());
                Ok(())
            }
        }
    }
}

/// What the path of every file in `folder` starts with.
fn inside(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{folder}/") }
}

/// `path` without steps that lead nowhere.
fn normal(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => (),
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

impl FileError {
    fn of(path: &str, error: &io::Error) -> Self {
        let kind = error.kind();
        let trouble = if matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
            FileTrouble::Missing
        } else if kind == io::ErrorKind::PermissionDenied {
            FileTrouble::Forbidden
        } else {
            FileTrouble::Other(error.to_string())
        };
        Self { path: path.to_owned(), trouble }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        match &self.trouble {
            FileTrouble::Missing => write!(f, "no such file or folder"),
            FileTrouble::Forbidden => write!(f, "permission denied"),
            FileTrouble::IsFolder => write!(f, "is a folder, not a file"),
            FileTrouble::IsNotRegular => {
                write!(f, "is a pipe or a device; give its text on standard input, with `-` as the path")
            }
            FileTrouble::TooLarge(most) => {
                write!(f, "is larger than {}, which is as much as is read of such a file", size(*most))
            }
            FileTrouble::NoMemory => write!(f, "there is not enough memory to read it"),
            FileTrouble::Other(why) => write!(f, "{why}"),
        }
    }
}

/// An amount of bytes, as people say it.
fn size(bytes: u64) -> String {
    if bytes < MOST_GENERATED { format!("{} MiB", bytes >> 20) } else { "4 GiB".to_owned() }
}

impl std::error::Error for FileError {}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 { at } => write!(f, "is not UTF-8 text: the byte at offset {at} belongs to no character"),
            Self::NotUtf16 => write!(f, "starts as UTF-16 text and does not go on as such"),
        }
    }
}

impl NotText {
    /// What a user can do.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotUtf8 { .. } => "save it as UTF-8",
            Self::NotUtf16 => "save it as UTF-8; it begins as UTF-16 and goes on otherwise",
        }
    }
}

impl std::error::Error for NotText {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded() {
        let utf16 = |unit: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            mark.into_iter().chain("{\"é\"}𝄞".encode_utf16().flat_map(unit)).collect::<Vec<_>>()
        };
        assert_eq!(decode(utf16(u16::to_le_bytes, [0xFF, 0xFE])).unwrap(), "{\"é\"}𝄞");
        assert_eq!(decode(utf16(u16::to_be_bytes, [0xFE, 0xFF])).unwrap(), "{\"é\"}𝄞");
        assert_eq!(decode(b"\xEF\xBB\xBF{}".to_vec()).unwrap(), "{}");
        assert_eq!(decode(Vec::new()).unwrap(), "");
        assert_eq!(decode(b"ok\xC3(".to_vec()), Err(NotText::NotUtf8 { at: 2 }));
        assert_eq!(decode(vec![0xFF, 0xFE, 0x00]), Err(NotText::NotUtf16));
        assert_eq!(decode(vec![0xFF, 0xFE, 0x00, 0xD8]), Err(NotText::NotUtf16));
    }
}
