//! Stands for the loader until it is there: reads nothing but whether a path exists.

use std::fmt;

use crate::{
    files::{FileError, Files, NotText, decode},
    finding::Finding,
    graph::ResourceGraph,
    source::SourceMap,
};

#[derive(Debug)]
pub struct Project {
    pub name: String,
    pub graph: ResourceGraph,
    pub before: Option<ResourceGraph>,
    pub resources: usize,
    pub findings: Vec<Finding>,
    pub notices: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub everything: bool,
    pub before: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    File(FileError),
    NotText(String, NotText),
    TooLarge(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "{error}"),
            Self::NotText(path, error) => write!(f, "{path} {error}"),
            Self::TooLarge(path) => write!(f, "{path} is larger than 4 GiB"),
        }
    }
}

pub fn load(files: &dyn Files, sources: &mut SourceMap, paths: &[String], _: Wanted) -> Result<Vec<Project>, Error> {
    let mut projects = Vec::new();
    for path in paths {
        let bytes = files.read(path).map_err(Error::File)?;
        let text = decode(bytes).map_err(|error| Error::NotText(path.clone(), error))?;
        sources.add(path.as_str(), text).map_err(|_| Error::TooLarge(path.clone()))?;
        let (graph, before) = (ResourceGraph::default(), None);
        let (findings, notices) = (Vec::new(), Vec::new());
        projects.push(Project { name: path.clone(), graph, before, resources: 0, findings, notices });
    }
    Ok(projects)
}
