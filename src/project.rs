//! Stands for the loader until it is there: reads nothing but whether a path exists.

use std::fmt;

use crate::{
    files::{FileError, Files, decode},
    graph::ResourceGraph,
    source::SourceMap,
};

#[derive(Debug)]
pub struct Project {
    pub name: String,
    pub graph: ResourceGraph,
    pub notices: Vec<String>,
}

#[derive(Debug)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        Self(error.to_string())
    }
}

pub fn load(files: &dyn Files, sources: &mut SourceMap, paths: &[String]) -> Result<Vec<Project>, Error> {
    let mut projects = Vec::new();
    for path in paths {
        let text = decode(files.read(path)?).map_err(|error| Error(format!("{path}: {error}")))?;
        sources.add(path.as_str(), text).map_err(|_| Error(format!("{path}: too large")))?;
        projects.push(Project { name: path.clone(), graph: ResourceGraph::default(), notices: Vec::new() });
    }
    Ok(projects)
}
