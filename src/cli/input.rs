//! What the user names: paths, as they are shown and read, and standard input.

use std::{collections::BTreeMap, ffi::OsStr, path::Path, sync::Arc};

use super::{
    Context, Error,
    arguments::{Command, Paths},
    layer::Layer,
    names,
    progress::{Progress, Watched},
    settings::{Included, Settings},
};
use crate::{
    cloudformation,
    files::{FileError, FileKind, Files},
    parallel,
    project::{self, Local, Project, Request, STANDARD_INPUT, Wanted},
    report::escape::visible,
    source::SourceMap,
    terraform::{Assignment, Giver, Inputs, Undeclared},
};

/// The files of the run, and standard input among them.
struct WithInput<'a> {
    files: &'a dyn Files,
    input: Vec<u8>,
}

/// Reads what `paths` name, as the settings say. What the loader wants known goes to standard error.
pub(super) fn load(
    paths: &Paths,
    sources: &mut SourceMap,
    context: &mut Context<'_>,
    wanted: Wanted,
    notices: Notices,
) -> Result<Vec<Project>, Error> {
    let settings = Settings::read(paths.config.as_deref(), sources, context.files)?;
    load_by(&settings, paths, sources, context, wanted, notices)
}

/// Reads what `paths` name, without what the settings leave out.
pub(super) fn load_by(
    settings: &Settings,
    paths: &Paths,
    sources: &mut SourceMap,
    context: &mut Context<'_>,
    wanted: Wanted,
    notices: Notices,
) -> Result<Vec<Project>, Error> {
    parallel::set_jobs(paths.jobs.unwrap_or_else(parallel::available_jobs));
    let included = Included { files: context.files, settings };
    let context = &mut Context {
        files: &included,
        stdin: &mut *context.stdin,
        stdout: &mut *context.stdout,
        stderr: &mut *context.stderr,
        is_terminal: context.is_terminal,
        watcher: context.watcher.clone(),
    };
    let local: Arc<dyn Local> = Arc::new(settings.clone());
    let request = Request { local: Some(local), ..request(paths, context.files, wanted)? };
    let paths = shown(paths)?;
    refuse_misspelt_commands(&paths, context.files)?;
    let watcher = context.watcher.as_ref().filter(|_| notices == Notices::Shown);
    let progress = Progress::begin("reading", None, watcher);
    let files = Watched { files: context.files, progress: &progress };
    let projects = if paths.iter().any(|path| path == STANDARD_INPUT) {
        let mut input = Vec::new();
        let read = context.stdin.read_to_end(&mut input);
        read.map_err(|error| Error::new(format!("cannot read standard input: {error}")))?;
        project::load(&WithInput { files: &files, input }, sources, &paths, &request)?
    } else {
        project::load(&files, sources, &paths, &request)?
    };
    drop(progress);
    if projects.is_empty() {
        return Err(Error::new(format!(
            "{}: nothing to analyse; name a folder of Terraform code, or a plan in JSON",
            paths.join(", ")
        )));
    }
    let mut undeclared = judge_undeclared(&projects)?;
    if !request.inputs.assignments.is_empty() && projects.iter().all(|project| project.undeclared.is_none()) {
        undeclared.push(
            "--var and --var-file give nothing to anybody: no root module is read, and a plan has its values"
                .to_owned(),
        );
    }
    if notices == Notices::Shown {
        tell(projects.iter().flat_map(|project| project.notices.iter().cloned()).chain(undeclared), context);
    }
    Ok(projects)
}

/// Tells what a person should know of an answer, a line each.
pub(super) fn tell(notices: impl IntoIterator<Item = String>, context: &mut Context<'_>) {
    for notice in notices {
        // Nobody who closed standard error wants to hear that it is closed.
        let _ = writeln!(context.stderr, "iac-check: note: {}", visible(&notice));
    }
}

/// What is asked for besides the paths. Terraform's own environment counts.
fn request(paths: &Paths, files: &dyn Files, wanted: Wanted) -> Result<Request, Error> {
    for assignment in &paths.given.assignments {
        if let Assignment::File(file) = assignment
            && files.kind(file) != Some(FileKind::File)
        {
            return Err(Error::new(format!("--var-file {file}: no such file")));
        }
    }
    if let Some(source) = &paths.source
        && files.kind(source).is_none()
    {
        return Err(Error::new(format!("--source {source}: no such file or folder")));
    }
    let environment = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.to_str()?.strip_prefix("TF_VAR_")?.to_owned();
        Some((name, value.to_str()?.to_owned()))
    });
    let inputs = Inputs {
        assignments: paths.given.assignments.clone(),
        environment: environment.collect(),
        ..Inputs::default()
    };
    let parameters = parameters(paths, files)?;
    Ok(Request { wanted, inputs, parameters, source: paths.source.clone(), local: None })
}

/// What templates' parameters are given: by files first, so that what the command line says itself wins.
fn parameters(paths: &Paths, files: &dyn Files) -> Result<cloudformation::Inputs, Error> {
    let mut parameters = BTreeMap::new();
    for file in &paths.parameters {
        let read = cloudformation::parameters_of(files, file);
        parameters.extend(read.map_err(|why| Error::new(format!("--parameters: {why}")))?);
    }
    parameters.extend(paths.parameter.iter().map(|it| (parameter_name(&it.name), it.value.clone())));
    Ok(cloudformation::Inputs { parameters })
}

/// The CDK writes a stack's name before the parameter's: `Network:Block`. `AWS::Region` is one name.
fn parameter_name(name: &str) -> String {
    match name.split_once(':') {
        Some((_, name)) if !name.starts_with(':') => name.to_owned(),
        Some(_) | None => name.to_owned(),
    }
}

/// What the command line gives variables that no root module declares.
fn undeclared_everywhere(projects: &[Project]) -> Vec<&Undeclared> {
    let mut roots = projects.iter().filter_map(|project| project.undeclared.as_ref());
    let first = roots.next();
    let rest: Vec<_> = roots.collect();
    let is_everywhere = |it: &&Undeclared| rest.iter().all(|root| root.binary_search(it).is_ok());
    first.into_iter().flatten().filter(is_everywhere).collect()
}

/// As Terraform: a slip in an option stops the run, one in a file is told.
fn judge_undeclared(projects: &[Project]) -> Result<Vec<String>, Error> {
    let mut notices = Vec::new();
    for Undeclared { name, by } in undeclared_everywhere(projects) {
        match by {
            Giver::CommandLine => {
                let message = format!("--var {name}=…: no root module declares a variable `{name}`");
                return Err(Error::new(message));
            }
            Giver::NamedFile(file) => {
                notices.push(format!(
                    "{file}: gives `{name}` a value, and no root module declares a variable of that name"
                ));
            }
            // Told by its project.
            Giver::FoundFile(_) => (),
        }
    }
    Ok(notices)
}

/// A command after an option, or one with a slip in it, looks like a path.
fn refuse_misspelt_commands(paths: &[String], files: &dyn Files) -> Result<(), Error> {
    let is_missing = |path: &&String| *path != STANDARD_INPUT && files.kind(path).is_none();
    if paths.first().is_some_and(|first| first == "help") && files.kind("help").is_none() {
        let hint = "`iac-check --help` tells what there is, and `iac-check COMMAND --help` tells it of a command";
        return Err(Error::new(format!("help: no such file or folder; {hint}")));
    }
    for path in paths.iter().filter(is_missing) {
        if let Some(command) = names::misspelt(path, Command::NAMES) {
            let hint = if path == command {
                format!("`{command}` is a command, which stands first and once: `iac-check {command} …`")
            } else {
                format!("did you mean the command `{command}`? It stands first: `iac-check {command} …`")
            };
            return Err(Error::new(format!("{path}: no such file or folder; {hint}")));
        }
    }
    Ok(())
}

/// Whether what the loader wants known is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notices {
    Shown,
    Hidden,
}

/// The paths as reports show them: relative to the folder of the run where they lie in it, with `/`. Each once.
pub(super) fn shown(paths: &Paths) -> Result<Vec<String>, Error> {
    #[expect(clippy::disallowed_methods, reason = "cli asks the environment")]
    let here = std::env::current_dir().ok();
    let mut shown: Vec<String> = Vec::new();
    for path in &paths.paths {
        let path = shown_path(path, here.as_deref())?;
        if !shown.contains(&path) {
            shown.push(path);
        }
    }
    if shown.is_empty() {
        shown.push(".".to_owned());
    }
    Ok(shown)
}

fn shown_path(path: &OsStr, here: Option<&Path>) -> Result<String, Error> {
    let Some(text) = path.to_str() else {
        return Err(Error::new(format!("{}: a path that is not Unicode cannot be shown", path.display())));
    };
    if text.is_empty() {
        return Err(Error::new("a path is empty; `.` is this folder"));
    }
    if text == STANDARD_INPUT {
        return Ok(text.to_owned());
    }
    let inside = here.and_then(|here| Path::new(text).strip_prefix(here).ok());
    // `components` drops doubled slashes, trailing ones and `.` in the middle.
    let steps = inside.unwrap_or(Path::new(text)).components();
    let steps: Vec<_> =
        steps.filter(|it| *it != std::path::Component::CurDir).map(std::path::Component::as_os_str).collect();
    let path = steps.iter().collect::<std::path::PathBuf>();
    let path = path.to_str().unwrap_or(text);
    let path = if std::path::MAIN_SEPARATOR == '/' { path.to_owned() } else { path.replace('\\', "/") };
    Ok(if path.is_empty() { ".".to_owned() } else { path })
}

impl Layer for WithInput<'_> {
    fn beneath(&self) -> &dyn Files {
        self.files
    }

    fn read_through(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if path == STANDARD_INPUT { Ok(self.input.clone()) } else { self.files.read(path) }
    }

    fn kind_through(&self, path: &str) -> Option<FileKind> {
        if path == STANDARD_INPUT { Some(FileKind::File) } else { self.files.kind(path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_the_folder_of_the_run() {
        let shown = |path: &str| shown_path(OsStr::new(path), Some(Path::new("/home/me"))).unwrap();
        assert_eq!(shown("./plan.json"), "plan.json");
        assert_eq!(shown("a//b/"), "a/b");
        assert_eq!(shown("../plan.json"), "../plan.json");
        assert_eq!(shown("."), ".");
        assert_eq!(shown("./"), ".");
        assert_eq!(shown("-"), "-");
        #[cfg(unix)]
        assert_eq!(
            [shown("/home/me/a/plan.json"), shown("/home/me"), shown("/tmp/plan.json")],
            ["a/plan.json", ".", "/tmp/plan.json"]
        );
    }
}
