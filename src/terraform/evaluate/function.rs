//! What functions are given besides their arguments: the project's files, and templates.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use super::{Evaluator, budget::Budget, scope::Scope};
use crate::{
    files::{FileKind, FileTrouble, Files},
    source::Span,
    syntax::hcl,
    terraform::{
        cty::{Term, Type, Why},
        foregone,
        functions::{self, CallError},
        known_data,
        module::Tree,
        path,
        trouble::Failure,
    },
};

/// The project as functions see it.
struct Project<'a> {
    files: &'a dyn Files,
    tree: &'a Tree,
    /// Where the call stands.
    span: Span,
    depth: usize,
    budget: Cell<Budget>,
    readings: Readings,
}

/// What functions have read, by their names and what they were given: a file that is read over and over is read once, and
/// its text held once.
pub(super) type Readings = Rc<RefCell<BTreeMap<Reading, Term>>>;

/// A function, the path that it reads at, and what else it is given.
type Reading = (String, String, Vec<String>);

impl Evaluator<'_> {
    pub(super) fn call_function(&mut self, span: Span, name: &str, arguments: Vec<Term>) -> Result<Term, Failure> {
        self.budget.give(&arguments);
        let project = Project {
            files: self.files,
            tree: self.tree,
            span,
            depth: self.depth,
            budget: Cell::new(self.budget),
            readings: self.readings.clone(),
        };
        if let Some(decided) = foregone::call(name, &arguments).or_else(|| matches_in_shape(name, &arguments, &project))
        {
            return Ok(decided);
        }
        let given = arguments.clone();
        if let Some(unseen) = outside(name, &arguments, &project) {
            return Ok(unseen);
        }
        let reading = reading(name, &arguments, &project);
        if let Some(known) = reading.as_ref().and_then(|it| self.readings.borrow().get(it).cloned()) {
            return Ok(known);
        }
        // What is not there yet may be when Terraform runs: archives are built, keys are made.
        let is_missing = is_missing(name, &arguments, &project);
        let result = functions::call(name, arguments, &project);
        self.budget = project.budget.get();
        match &result {
            Ok(made) => self.budget.make(made),
            Err(_) => self.budget.fail(),
        }
        if let (Some(reading), Ok(read)) = (reading, &result) {
            self.readings.borrow_mut().insert(reading, read.clone());
        }
        if result.is_err()
            && let Some(unread) = too_large(name, &given, &project)
        {
            return Ok(unread);
        }
        self.is_doubtful |= is_missing && result.is_err();
        result.map_err(|error: CallError| {
            let is_secret = given.iter().any(Term::is_sensitive_deep);
            Failure::new(span, if is_secret { secretly_failed(name) } else { error.to_string() })
        })
    }
}

/// What is said of a call whose error could tell a sensitive value.
fn secretly_failed(name: &str) -> String {
    format!("the call of `{name}` failed; an argument is sensitive, so that why is not told")
}

/// The functions that read the file or folder that they are given first.
const READERS: [&str; 11] = [
    "file",
    "filebase64",
    "filebase64sha256",
    "filebase64sha512",
    "fileexists",
    "filemd5",
    "fileset",
    "filesha1",
    "filesha256",
    "filesha512",
    "templatefile",
];

/// The path that a function reads at.
fn read_path<'a>(name: &str, arguments: &'a [Term]) -> Option<&'a str> {
    arguments.first().filter(|_| READERS.contains(&name))?.as_text()
}

/// What a call is that reads, where its result is that of every such call: a template depends on its variables too, and
/// what is sensitive is kept nowhere else.
fn reading(name: &str, arguments: &[Term], project: &Project<'_>) -> Option<Reading> {
    let path = read_path(name, arguments).filter(|_| name != "templatefile")?;
    if arguments.iter().any(|it| it.is_sensitive) {
        return None;
    }
    let others = arguments[1..].iter().map(|it| it.as_text().map(str::to_owned)).collect::<Option<_>>()?;
    Some((name.to_owned(), path::join(&project.tree.folder, path), others))
}

/// What is read outside of the project is not known: nothing is read there.
fn outside(name: &str, arguments: &[Term], project: &Project<'_>) -> Option<Term> {
    let path = read_path(name, arguments).filter(|path| project.is_outside(path))?;
    Some(unread(name, arguments, path, "lies outside of the project, where nothing is read"))
}

/// What is in an archive of some size is not known: as much is not read.
fn too_large(name: &str, arguments: &[Term], project: &Project<'_>) -> Option<Term> {
    let path = read_path(name, arguments)?;
    let read = project.files.read(&project.within(path)?).err()?;
    let is_too_large = matches!(read.trouble, FileTrouble::TooLarge(_));
    is_too_large.then(|| unread(name, arguments, path, "is larger than what is read"))
}

/// What a function comes to that reads the file or folder at `path`, which is not read because of what it is.
fn unread(name: &str, arguments: &[Term], path: &str, because: &str) -> Term {
    let of = match name {
        "fileexists" => Type::Bool,
        "fileset" => Type::Set(Box::new(Type::Text)),
        "templatefile" => Type::Dynamic,
        _ => Type::Text,
    };
    let is_sensitive = arguments.iter().any(Term::is_sensitive_deep);
    let told = if is_sensitive { "a file" } else { path };
    Term::unknown_not_null(of, Why::Other(format!("{told} {because}"))).with_sensitivity(is_sensitive)
}

fn is_missing(name: &str, arguments: &[Term], project: &Project<'_>) -> bool {
    use functions::Context as _;
    read_path(name, arguments).is_some_and(|path| project.file_kind(path).is_none())
}

/// A search in the name of a zone or the like that is not known: what it comes to may follow from the shape of all such
/// names. Modules tell names from ids so.
fn matches_in_shape(name: &str, arguments: &[Term], project: &Project<'_>) -> Option<Term> {
    let ("regexall" | "regex", [pattern, searched]) = (name, arguments) else { return None };
    let shapes = known_data::shapes_of(searched)?.iter();
    let results = shapes.map(|shape| functions::call(name, vec![pattern.clone(), Term::text(shape)], project).ok());
    let results: Vec<Term> = results.collect::<Option<_>>()?;
    let is_sensitive = pattern.is_sensitive || searched.is_sensitive;
    if name == "regex" {
        let first = results.first()?;
        let is_same = first.as_text().is_some() && results.iter().all(|it| it.as_text() == first.as_text());
        return is_same.then(|| first.clone().with_sensitivity(is_sensitive));
    }
    let mut all = results.iter().map(|matches| Some((matches.type_of().item()?.clone(), matches.as_items()?.len())));
    let (of, count) = all.next()??;
    let is_same = all.all(|it| it.is_some_and(|(_, other)| other == count));
    let item = Term::unknown_not_null(of.clone(), Term::why_made_of([searched]));
    is_same.then(|| Term::list(of, vec![item; count]).with_sensitivity(is_sensitive))
}

impl Project<'_> {
    /// A path as the code writes it, as seen from the folder of the run; `None`: outside of the project.
    fn within(&self, written: &str) -> Option<String> {
        let path = path::join(&self.tree.folder, written);
        let folder = &self.tree.common;
        (path::is_within(&path, folder) && self.files.is_within(&path, folder)).then_some(path)
    }
}

impl Project<'_> {
    fn is_outside(&self, written: &str) -> bool {
        let path = path::join(&self.tree.folder, written);
        let folder = &self.tree.common;
        // A home is nobody's project.
        let is_home = written == "~" || written.starts_with("~/");
        let leads_out = || self.files.kind(&path).is_some() && !self.files.is_within(&path, folder);
        is_home || !path::is_within(&path, folder) || leads_out()
    }

    fn spend(&self, take: impl FnOnce(&mut Budget)) {
        let mut budget = self.budget.get();
        take(&mut budget);
        self.budget.set(budget);
    }
}

impl functions::Context for Project<'_> {
    fn read_file(&self, path: &str) -> Result<Vec<u8>, String> {
        let inside = self.within(path).ok_or_else(|| format!("there is no file {path} in the project"))?;
        let bytes = self.files.read(&inside).map_err(|error| error.to_string())?;
        self.spend(|budget| budget.read(bytes.len()));
        Ok(bytes)
    }

    fn file_kind(&self, path: &str) -> Option<FileKind> {
        self.files.kind(&self.within(path)?)
    }

    fn list_files(&self, folder: &str) -> Vec<String> {
        let Some(inside) = self.within(folder) else { return Vec::new() };
        let before = if inside == "." { String::new() } else { format!("{}/", inside.trim_end_matches('/')) };
        let files = self.files.walk(&inside);
        self.spend(|budget| budget.list(files.len()));
        files.iter().filter_map(|file| file.strip_prefix(&before)).map(str::to_owned).collect()
    }

    fn current_folder(&self) -> String {
        self.files.absolute(&self.tree.folder).unwrap_or_else(|| self.tree.folder.clone())
    }

    fn render(&self, template: &str, variables: &BTreeMap<String, Term>) -> Result<Term, String> {
        let template = hcl::parse_template_within(self.span, template).map_err(|error| error.message)?;
        // A template knows its variables alone, so it needs nothing of what is evaluated around it.
        let mut evaluator = Evaluator::new(self.files, self.tree);
        evaluator.is_template = true;
        evaluator.depth = self.depth;
        evaluator.budget = self.budget.get();
        evaluator.readings = self.readings.clone();
        let mut scope = Scope::of(0);
        for (name, value) in variables {
            scope = scope.with(name, value.clone());
        }
        let result = evaluator.evaluate(&template, &scope);
        self.budget.set(evaluator.budget);
        result.map_err(|failure| failure.message)
    }
}
