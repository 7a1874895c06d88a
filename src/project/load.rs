//! What paths name, and what lies in folders: told by content, and read.

use super::{
    Constructs, Error, Project, Request, Worlds,
    document::{document, found_document, told},
    graph, has_extension, parent,
    template::{by_parameters, stacks, template, undeclared_parameters},
};
use crate::{
    cloudformation::{self, assembly::Assemblies},
    files::{FileError, FileKind, FileTrouble, Files, MOST_WRITTEN, decode},
    parallel, plan,
    resource::Mode,
    source::SourceMap,
    terraform::{self, Giver, Loaded, Undeclared},
};

/// Reads each of `paths`: a plan, a state, a template, a folder of Terraform code, or a folder with any of these in it.
pub fn load(
    files: &dyn Files,
    sources: &mut SourceMap,
    paths: &[String],
    request: &Request,
) -> Result<Vec<Project>, Error> {
    let mut projects = Vec::new();
    let mut templates = Vec::new();
    let mut unreadable: Vec<FileError> = Vec::new();
    for path in paths {
        if files.kind(path) == Some(FileKind::Folder) {
            let before = projects.len() + templates.len();
            let walked = files.walk(path).into_iter().filter(|file| cloudformation::has_name_of_template(file));
            let walked: Vec<String> = walked.collect();
            let assemblies = Assemblies::among(files, walked.iter().map(String::as_str));
            let roots = terraform::roots(files, path).into_iter().filter(|root| !assemblies.has(root)).collect();
            projects.extend(at_once(sources, roots, |sources, root| code(files, sources, &root, request)));
            for missing in assemblies.templates().filter(|it| files.kind(it).is_none()) {
                let error = "is not there, and the manifest beside it names it as the template of a stack";
                projects.push(told(sources, missing.to_owned(), error, "run `cdk synth` again")?);
            }
            let found =
                at_once(sources, walked, |sources, file| found_file(files, sources, file, &assemblies, request));
            for it in found {
                match it? {
                    Found::Project(project) => projects.push(*project),
                    Found::Template(template) => templates.push(*template),
                    Found::Unreadable(error) => unreadable.push(error),
                    Found::Nothing => (),
                }
            }
            if projects.len() + templates.len() == before {
                // What there may be stands in a file that cannot be read.
                let error = unreadable.into_iter().next().map(Error::File);
                return Err(error.unwrap_or_else(|| Error::NothingIn(path.clone())));
            }
            tell_code_once(&mut projects);
            // A plan beside its code says all that the code says, and more.
            let joined: Vec<_> = projects.iter().filter_map(|project| project.joined.clone()).collect();
            projects.retain(|project| !joined.contains(&project.name));
        } else if files.kind(path) == Some(FileKind::File) && terraform::is_code(path) {
            projects.push(code(files, sources, parent(path), request));
        } else {
            let bytes = read(files, path).map_err(Error::File)?;
            let read = if (is_wide(&bytes) || !may_be_document(&bytes)) && cloudformation::may_be_template(&bytes) {
                let text = decode(bytes.clone()).map_err(|error| Error::NotText(path.clone(), error))?;
                let assembly = Assemblies::beside(files, path);
                template(files, sources, path, text, assembly.stack(path))
            } else {
                None
            };
            match read {
                Some(template) => templates.push(template),
                None if has_extension(path, "yaml") || has_extension(path, "yml") => {
                    return Err(Error::NoTemplate(path.clone()));
                }
                None => projects.push(document(files, sources, path.clone(), bytes, request)?),
            }
        }
    }
    let undeclared = undeclared_parameters(&templates, request);
    for (parameters, templates) in by_parameters(templates, request) {
        let loaded = cloudformation::evaluate(templates, &parameters);
        projects.extend(parallel::map(loaded, |it| stacks(it, request)).into_iter().flatten());
    }
    for project in &mut projects {
        project.set_outside(request);
    }
    if let Some(first) = projects.first_mut() {
        first.notices.extend(undeclared);
        // The rest is told all the same.
        first.notices.extend(unreadable.iter().map(|error| format!("{error}: it is left out")));
    }
    Ok(projects)
}

/// What a file is that lies in a folder.
enum Found {
    Project(Box<Project>),
    Template(Box<cloudformation::Document>),
    /// It may hold a plan or a template, or nothing of ours.
    Unreadable(FileError),
    Nothing,
}

/// The whole of a file that may be a plan. What is none is written by people, and never as large.
fn read(files: &dyn Files, path: &str) -> Result<Vec<u8>, FileError> {
    let bytes = files.read_generated(path)?;
    let may_be_large = bytes.len() as u64 <= MOST_WRITTEN || may_be_document(&bytes) || plan::is_binary(&bytes);
    let refused = || FileError { path: path.to_owned(), trouble: FileTrouble::TooLarge(MOST_WRITTEN) };
    if may_be_large { Ok(bytes) } else { Err(refused()) }
}

/// What a file is that nobody named.
fn found_file(
    files: &dyn Files,
    sources: &mut SourceMap,
    file: String,
    assemblies: &Assemblies,
    request: &Request,
) -> Result<Found, Error> {
    let stack = assemblies.stack(&file);
    if stack.is_none() && assemblies.has(&file) {
        return Ok(Found::Nothing);
    }
    let bytes = match read(files, &file) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Found::Unreadable(error)),
    };
    if has_extension(&file, "json") && may_be_document(&bytes) {
        let read = found_document(files, sources, file, bytes, request)?;
        return Ok(Found::Project(Box::new(read)));
    }
    if !cloudformation::may_be_template(&bytes) {
        return Ok(Found::Nothing);
    }
    match decode(bytes.clone()) {
        Ok(text) => {
            let read = template(files, sources, &file, text, stack);
            Ok(read.map_or(Found::Nothing, |it| Found::Template(Box::new(it))))
        }
        // Only what says that it is a template: a folder holds much that is none.
        Err(error) if cloudformation::says_that_it_is_template(&bytes) => {
            let told = told(sources, file, &error.to_string(), error.help())?;
            Ok(Found::Project(Box::new(told)))
        }
        Err(_) => Ok(Found::Nothing),
    }
}

/// What `read` makes of each of `names`, in their order. Each is read into sources of its own, which are joined in that
/// order too.
fn at_once<R: Send>(
    sources: &mut SourceMap,
    names: Vec<String>,
    read: impl Fn(&mut SourceMap, String) -> R + Sync,
) -> Vec<R> {
    let branches = sources.branches(names.len());
    let done = parallel::map(names.into_iter().zip(branches).collect(), |(name, mut branch)| {
        let read = read(&mut branch, name);
        (read, branch)
    });
    let joined = done.into_iter().map(|(read, branch)| {
        sources.join(branch);
        read
    });
    joined.collect()
}

/// What is wrong with code is told by the first of the plans that are joined with it.
fn tell_code_once(projects: &mut [Project]) {
    let mut told: Vec<String> = Vec::new();
    for project in projects {
        match &project.joined {
            Some(folder) if told.contains(folder) => project.findings.clear(),
            Some(folder) => told.push(folder.clone()),
            None => (),
        }
    }
}

/// Whether a file holds a plan, a state or a template, for all that can be told without reading it whole.
pub fn is_document(bytes: &[u8]) -> bool {
    may_be_document(bytes) || cloudformation::may_be_template(bytes)
}

/// A folder holds many JSON files, in UTF-8 and in UTF-16; only those that say what plans and states say are taken for one.
fn may_be_document(bytes: &[u8]) -> bool {
    let decoded = if is_wide(bytes) { decode(bytes.to_vec()).ok() } else { None };
    let bytes = decoded.as_ref().map_or(bytes, |text| text.as_bytes());
    let holds = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    holds("\"format_version\"") && (holds("\"planned_values\"") || holds("\"values\""))
}

/// Whether a file is marked as UTF-16: what is in it shows only when it is decoded.
fn is_wide(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

/// The root module in `folder`.
fn code(files: &dyn Files, sources: &mut SourceMap, folder: &str, request: &Request) -> Project {
    let Loaded { resources, findings, undeclared, unfollowed, .. } =
        terraform::load(files, sources, folder, &request.inputs_of(folder));
    let count = resources.iter().filter(|it| it.mode == Mode::Managed).count();
    Project {
        name: folder.to_owned(),
        graph: graph(resources, request.wanted),
        before: None,
        joined: None,
        resources: count,
        findings,
        notices: undeclared.iter().filter_map(unasked).chain(unfollowed.iter().map(|it| out_of_reach(it))).collect(),
        undeclared: Some(undeclared),
        worlds: Worlds::default(),
        constructs: Constructs::default(),
    }
}

/// What a person should know of a link to code that is not followed.
fn out_of_reach(link: &str) -> String {
    format!(
        "{link}: this link leads out of the repository, or nowhere, and is not followed: what it declares is unknown"
    )
}

/// What a person should know of a value that stands beside the code for a variable that is not there.
fn unasked(undeclared: &Undeclared) -> Option<String> {
    let Undeclared { name, by: Giver::FoundFile(file) } = undeclared else { return None };
    Some(format!("{file}: gives `{name}` a value, and no variable of that name is declared"))
}
