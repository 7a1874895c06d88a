//! Where `.iac-check.toml` lies, and what it does to a run.

use super::{Context, Error};
use crate::{
    config::{self, Config, Setting},
    files::{FileError, FileKind, Files, decode},
    finding::Finding,
    source::SourceMap,
};

/// What the file says, for paths as the run has them.
#[derive(Debug, Default)]
pub(super) struct Settings {
    config: Config,
    /// The folder of the run, from the root of all folders on.
    here: String,
    /// The file's folder, from the root of all folders on.
    root: String,
}

/// The files of a run without those that the settings leave out.
pub(super) struct Included<'a> {
    pub files: &'a dyn Files,
    pub settings: &'a Settings,
}

impl Settings {
    /// Reads the file that is `named`, or the one in the folder of the run or above it, up to the root of its
    /// repository.
    pub(super) fn read(named: Option<&str>, context: &Context<'_>) -> Result<Self, Error> {
        let found = match named {
            Some(path) => Some(path.to_owned()),
            None => find(context.files),
        };
        let Some(path) = found else { return Ok(Self::default()) };
        let bytes = context.files.read(&path)?;
        let text = decode(bytes).map_err(|error| Error::new(format!("{path} {error}")))?;
        let config = Config::read(&text).map_err(|trouble| {
            let mut sources = SourceMap::default();
            match sources.add(path.as_str(), text.as_str()) {
                Ok(source) => {
                    let start = sources.place(source.span(trouble.bytes.clone())).start;
                    Error::new(format!("{path}:{}:{}: {trouble}", start.line, start.column))
                }
                Err(_) => Error::new(format!("{path}: {trouble}")),
            }
        })?;
        let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        let absolute = |folder: &str| context.files.absolute(folder).unwrap_or_default();
        Ok(Self { config, here: absolute("."), root: absolute(folder) })
    }

    /// Whether a rule is off wherever one looks.
    pub(super) fn is_off(&self, rule: &'static str) -> bool {
        self.config.is_off(rule)
    }

    /// Makes findings as bad as the file says, and takes out those of rules that are off where they are.
    pub(super) fn apply(&self, sources: &SourceMap, findings: &mut Vec<Finding>, asked_by_name: &[String]) {
        findings.retain_mut(|finding| {
            let path = self.seen(sources.path(finding.at.span.source));
            match self.config.setting(finding.rule, &path) {
                None => true,
                Some(Setting::Off) => asked_by_name.iter().any(|name| name == finding.rule),
                Some(Setting::Severity(severity)) => {
                    finding.severity = severity;
                    true
                }
            }
        });
    }

    /// A path of the run, as the file sees it; one that lies elsewhere keeps all its steps.
    fn seen(&self, path: &str) -> String {
        let whole = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", self.here) };
        let mut steps: Vec<&str> = Vec::new();
        for step in whole.split('/') {
            match step {
                "" | "." => (),
                ".." => {
                    steps.pop();
                }
                step => steps.push(step),
            }
        }
        let whole = format!("/{}", steps.join("/"));
        below(&whole, &self.root).unwrap_or(&whole).to_owned()
    }
}

/// What of `path` stands after `root`, where it lies in it.
fn below<'a>(path: &'a str, root: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(root.trim_end_matches('/'))?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// The nearest file from the folder of the run upwards. A repository's root is the last place to look in; outside of
/// one, the folder of the run is.
fn find(files: &dyn Files) -> Option<String> {
    let depth = files.absolute(".")?.split('/').filter(|it| !it.is_empty()).count();
    let folders: Vec<String> = (0..=depth).map(|up| "../".repeat(up)).collect();
    let root = folders.iter().position(|folder| files.kind(&format!("{folder}.git")).is_some()).unwrap_or(0);
    let mut places = folders[..=root].iter().map(|folder| format!("{folder}{}", config::NAME));
    places.find(|path| files.kind(path) == Some(FileKind::File))
}

impl Files for Included<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.files.read(path)
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        self.files.kind(path)
    }

    /// Who names a folder that is left out wants it.
    fn walk(&self, folder: &str) -> Vec<String> {
        let mut found = self.files.walk(folder);
        if !self.settings.config.is_excluded(&self.settings.seen(folder)) {
            found.retain(|path| !self.settings.config.is_excluded(&self.settings.seen(path)));
        }
        found
    }

    fn list(&self, folder: &str, within: &str) -> Vec<String> {
        self.files.list(folder, within)
    }

    fn links_out(&self, folder: &str, within: &str) -> Vec<String> {
        self.files.links_out(folder, within)
    }

    fn absolute(&self, path: &str) -> Option<String> {
        self.files.absolute(path)
    }

    fn is_within(&self, path: &str, folder: &str) -> bool {
        self.files.is_within(path, folder)
    }

    fn write(&self, path: &str, contents: &[u8]) -> Result<(), FileError> {
        self.files.write(path, contents)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_files_folder() {
        let here = "/repo/infra/prod".to_owned();
        let settings = Settings { here, root: "/repo".to_owned(), ..Default::default() };
        assert_eq!(settings.seen("main.tf"), "infra/prod/main.tf");
        assert_eq!(settings.seen("../net/main.tf"), "infra/net/main.tf");
        assert_eq!(settings.seen("/repo/net/main.tf"), "net/main.tf");
        assert_eq!(settings.seen("../../../other/main.tf"), "/other/main.tf");
        assert_eq!(settings.seen("."), "infra/prod");
    }
}
