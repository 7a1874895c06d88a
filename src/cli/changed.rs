//! From the files that a change touches to what has to be checked: the roots that they belong to, and the plans and
//! templates among them.

use super::{
    Context, Error,
    arguments::Paths,
    input,
    settings::{Included, Settings},
};
use crate::{
    files::{FileKind, Files},
    project, terraform,
};

/// What to check instead of the files `paths`; nothing where they belong to nothing.
pub(super) fn paths(paths: &Paths, settings: &Settings, context: &Context<'_>) -> Result<Paths, Error> {
    let files: &dyn Files = &Included { files: context.files, settings };
    let mut changed = Vec::new();
    let mut checked = Vec::new();
    for path in input::shown(paths)? {
        let is_code = terraform::is_code(&path) || path.ends_with(".tfvars.json");
        let is_data = [".json", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending));
        if is_code || !is_data {
            changed.push(path);
        } else if files.kind(&path) == Some(FileKind::File) && project::is_document(&files.read_generated(&path)?) {
            checked.push(path);
        }
    }
    for root in terraform::roots_of(files, ".", &changed) {
        // A file of code stands for its folder, and for that alone.
        let code = files.list(&root, &root).into_iter().find(|name| terraform::is_code(name));
        checked.extend(code.map(|name| if root == "." { name } else { format!("{root}/{name}") }));
    }
    Ok(Paths { paths: checked.into_iter().map(Into::into).collect(), ..paths.clone() })
}
