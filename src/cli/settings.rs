//! Where `.iac-check.toml` lies, and what it does to a run.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, layer::Layer};
use crate::{
    cloudformation,
    config::{self, Config, Setting, Text, Trouble},
    files::{FileKind, Files, decode, repository_of},
    finding::Finding,
    project::{Given, Local},
    source::SourceMap,
    terraform::Assignment,
};

/// What the file says, for paths as the run has them.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    config: Config,
    /// The file, as the run names it.
    path: String,
    /// The folder of the run, from the root of all folders on.
    here: String,
    /// The file's folder, from the root of all folders on.
    root: String,
    /// What the files of parameters say that it names.
    parameters: BTreeMap<String, BTreeMap<String, String>>,
}

/// The files of a run without those that the settings leave out.
pub(super) struct Included<'a> {
    pub files: &'a dyn Files,
    pub settings: &'a Settings,
}

impl Settings {
    /// Reads the file that is `named`, or the one in the folder of the run or above it, up to the root of its
    /// repository.
    pub(super) fn read(named: Option<&str>, sources: &mut SourceMap, files: &dyn Files) -> Result<Self, Error> {
        let found = match named {
            Some(path) => Some(path.to_owned()),
            None => find(files),
        };
        let Some(path) = found else { return Ok(Self::default()) };
        let text = decode(files.read(&path)?).map_err(|error| Error::new(format!("{path} {error}")))?;
        let Ok(source) = sources.add(path.as_str(), text.as_str()) else {
            return Err(Error::new(format!("{path} is larger than 4 GiB, which this program does not read")));
        };
        // It may hold values of variables: reports show where something is in it, and not what.
        sources.conceal(source);
        let said = |trouble: Trouble| {
            let start = sources.place(source.span(trouble.bytes.clone())).start;
            Error::new(format!("{path}:{}:{}: {trouble}", start.line, start.column))
        };
        let text = Text { path: &path, text: &text, source: Some(source) };
        let config = Config::read(text).map_err(said)?;
        let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        let absolute = |folder: &str| files.absolute(folder).unwrap_or_default();
        let (here, root) = (absolute("."), absolute(folder));
        let mut settings = Self { config, path: path.clone(), here, root, parameters: BTreeMap::new() };
        settings.read_named(files).map_err(said)?;
        Ok(settings)
    }

    /// Reads the files that it names, as far as they have to be read at once.
    fn read_named(&mut self, files: &dyn Files) -> Result<(), Trouble> {
        let repository = repository_of(files, &self.path);
        for named in self.config.named() {
            let path = self.beside(&named.path);
            // Whoever proposes a change may write this file, and shall not have others read by it.
            if repository.as_ref().is_some_and(|it| files.kind(&path).is_some() && !files.is_within(&path, it)) {
                let message = format!("{path}: lies outside of the repository, where nothing is read");
                return Err(Trouble { bytes: named.bytes.clone(), message });
            }
            if files.kind(&path) != Some(FileKind::File) {
                return Err(Trouble { bytes: named.bytes.clone(), message: format!("{path}: no such file") });
            }
        }
        let mut parameters = BTreeMap::new();
        for named in self.config.parameter_files() {
            let path = self.beside(&named.path);
            let trouble = |message| Trouble { bytes: named.bytes.clone(), message };
            let read = cloudformation::parameters_of(files, &path).map_err(trouble)?;
            parameters.insert(named.path.clone(), read);
        }
        self.parameters = parameters;
        Ok(())
    }

    /// A path that the file names, from its own folder, as the run has it.
    fn beside(&self, path: &str) -> String {
        match self.path.rsplit_once('/') {
            Some((folder, _)) if !path.starts_with('/') => format!("{folder}/{path}"),
            Some(_) | None => path.to_owned(),
        }
    }

    /// Why the file allows a finding, and which of its allowances does.
    pub(super) fn allows(&self, sources: &SourceMap, finding: &Finding) -> Option<(usize, &str)> {
        if self.config.allow().is_empty() {
            return None;
        }
        let path = self.seen(sources.path(finding.at.span.source));
        let said = self.config.allow().iter().enumerate();
        let mut reasons = said.filter_map(|(at, it)| {
            let because = it.reason(finding.rule, finding.resource.as_deref(), &path)?;
            Some((at, because))
        });
        reasons.next()
    }

    /// Which of the file's allowances allowed none of what was found, in words.
    pub(super) fn unused(&self, used: &BTreeSet<usize>) -> Vec<String> {
        let all = self.config.allow().iter().enumerate();
        let unused = all.filter(|(at, _)| !used.contains(at));
        unused.map(|(_, it)| format!("{}: its allowance for {} allows nothing here", self.path, it.name())).collect()
    }

    /// Whether a rule is off wherever one looks.
    pub(super) fn is_off(&self, rule: &'static str) -> bool {
        self.config.is_off(rule)
    }

    /// Makes findings as bad as the file says, and takes out those of rules that are off where they are.
    pub(super) fn apply(&self, sources: &SourceMap, findings: &mut Vec<Finding>, asked_by_name: &[String]) {
        if self.config.leaves_rules_alone() {
            return;
        }
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

impl Local for Settings {
    fn given(&self, path: &str) -> Given {
        let said = self.config.given(&self.seen(path));
        let files = said.var_files.iter().map(|it| Assignment::File(self.beside(&it.path)));
        let values = said.variables.into_iter().map(|(name, value)| Assignment::Value { name, value });
        let of_file = |it: &config::Named| self.parameters.get(&it.path).cloned().unwrap_or_default();
        let mut parameters: BTreeMap<_, _> = said.parameter_files.iter().flat_map(of_file).collect();
        parameters.extend(said.parameters);
        Given { assignments: files.chain(values).collect(), parameters, outside: said.outside }
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

impl Layer for Included<'_> {
    fn beneath(&self) -> &dyn Files {
        self.files
    }

    /// Who names a folder that is left out wants it.
    fn walk_through(&self, folder: &str) -> Vec<String> {
        let mut found = self.files.walk(folder);
        if !self.settings.config.is_excluded(&self.settings.seen(folder)) {
            found.retain(|path| !self.settings.config.is_excluded(&self.settings.seen(path)));
        }
        found
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
