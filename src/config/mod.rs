//! `.iac-check.toml`: how bad each rule's findings are, what is given to the code, what holds outside it, what is allowed
//! and what is not looked at; here, and in some folders.
//!
//! A key that is not known is an error with its place: a slip of the finger must not switch a rule on or off unseen.

mod allow;
mod reader;
mod scope;
#[cfg(test)]
mod tests;
mod values;

use std::{collections::BTreeMap, fmt, ops::Range};

use crate::{
    finding::{RuleName, Severity},
    outside::Outside,
    source::SourceId,
    terraform::functions::glob::Pattern,
};

pub use allow::Allow;

use scope::Scope;

/// The name of the file, at the root of a repository.
pub const NAME: &str = ".iac-check.toml";

/// What describes the file to an editor: its JSON Schema.
pub const SCHEMA: &str = include_str!("../config.schema.json");

/// What the file says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    everywhere: Scope,
    /// In order: a later one wins.
    folders: Vec<Folders>,
    exclude: Vec<Pattern>,
    allow: Vec<Allow>,
}

/// What becomes of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    Off,
    Severity(Severity),
}

/// What is given to the code at one path: the general first, so that the last word counts.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Files of Terraform's variables, as the file names them.
    pub var_files: Vec<Named>,
    /// Terraform's variables, each with its value as `--var` takes it.
    pub variables: Vec<(String, String)>,
    /// Files of templates' parameters, as the file names them.
    pub parameter_files: Vec<Named>,
    pub parameters: BTreeMap<String, String>,
    pub outside: Outside,
}

/// Another file that is named, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub path: String,
    pub bytes: Range<usize>,
}

/// What holds in some folders.
#[derive(Clone, Debug)]
struct Folders {
    paths: Vec<Pattern>,
    scope: Scope,
}

/// The text of a file, to speak of it.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// How messages name the file.
    pub path: &'a str,
    pub text: &'a str,
    /// What findings point into.
    pub source: Option<SourceId>,
}

/// What is wrong with the file, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub bytes: Range<usize>,
    pub message: String,
}

impl Config {
    /// Reads a file.
    pub fn read(file: Text<'_>) -> Result<Self, Trouble> {
        reader::config(file)
    }

    /// What becomes of a rule's findings at `path`, where the file says it: the last word counts.
    pub fn setting(&self, rule: RuleName, path: &str) -> Option<Setting> {
        let mut said = self.scopes(path).flat_map(|it| &it.rules).filter(|(name, _)| *name == rule);
        let first = said.next()?;
        Some(said.last().unwrap_or(first).1)
    }

    /// Whether every rule is as it is without settings, wherever one looks.
    pub fn leaves_rules_alone(&self) -> bool {
        self.everywhere.rules.is_empty() && self.folders.iter().all(|it| it.scope.rules.is_empty())
    }

    /// Whether a rule is off wherever one looks.
    pub fn is_off(&self, rule: RuleName) -> bool {
        let is_off = |rules: &[(RuleName, Setting)]| rules.contains(&(rule, Setting::Off));
        is_off(&self.everywhere.rules)
            && !self.folders.iter().any(|it| it.scope.rules.iter().any(|(name, _)| *name == rule))
    }

    /// Whether nothing at `path` is looked at.
    pub fn is_excluded(&self, path: &str) -> bool {
        fits(&self.exclude, path)
    }

    /// What is given to the code at `path`: a file, or a root module's folder, for which a file in it stands.
    pub fn given(&self, path: &str) -> Given {
        let mut given = Given::default();
        let inside = if path.is_empty() { "main.tf".to_owned() } else { format!("{path}/main.tf") };
        for scope in self.scopes(&inside) {
            given.var_files.extend(scope.var_files.iter().cloned());
            given.variables.extend(scope.variables.iter().cloned());
            given.parameter_files.extend(scope.parameter_files.iter().cloned());
            given.parameters.extend(scope.parameters.iter().cloned());
            given.outside = scope.outside.clone().or(&given.outside);
        }
        given
    }

    /// Every other file that is named.
    pub fn named(&self) -> impl Iterator<Item = &Named> {
        let scopes = std::iter::once(&self.everywhere).chain(self.folders.iter().map(|it| &it.scope));
        scopes.flat_map(|it| it.var_files.iter().chain(&it.parameter_files))
    }

    /// The files of templates' parameters that are named.
    pub fn parameter_files(&self) -> impl Iterator<Item = &Named> {
        let scopes = std::iter::once(&self.everywhere).chain(self.folders.iter().map(|it| &it.scope));
        scopes.flat_map(|it| &it.parameter_files)
    }

    /// What is allowed, whatever the code says.
    pub fn allow(&self) -> &[Allow] {
        &self.allow
    }

    /// What holds at `path`: the general first.
    fn scopes(&self, path: &str) -> impl Iterator<Item = &Scope> {
        let here = self.folders.iter().filter(move |it| fits(&it.paths, path));
        std::iter::once(&self.everywhere).chain(here.map(|it| &it.scope))
    }
}

/// Whether a pattern fits `path`, or a folder that it lies in.
fn fits(patterns: &[Pattern], path: &str) -> bool {
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders.chain([path]).any(|it| patterns.iter().any(|pattern| pattern.fits(it)))
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Trouble {}
