//! Terraform code, evaluated as Terraform does it: a root module's folder in, resources out.
//!
//! Reading comes first (`module`): the root and all that it calls, file by file, blocks sorted by what they declare. Then
//! evaluation (`evaluate`), which asks for no more than it needs: every value is worked out once, when something refers
//! to it. At last what resources say is told with the places that it came from (`lower`).
//!
//! Not known is a value like any other, and knows whose it is where that can be said. Nothing here stops at an error:
//! what is wrong is a finding, and what depends on it is not known.

pub mod access;
mod body;
mod configuration;
mod constraint;
pub mod convert;
pub mod cty;
mod decimal;
pub mod equality;
mod evaluate;
mod expand;
pub mod facts;
mod folder;
mod foregone;
pub mod functions;
mod inputs;
mod known_data;
mod literal;
mod lower;
mod mismatch;
mod module;
pub mod number;
pub mod operators;
mod origin;
mod path;
mod policy_document;
mod roots;
mod stored;
#[cfg(test)]
mod tests;
mod trouble;
pub mod types;
mod unknown;

use self::{evaluate::Evaluator, folder::Gathered, module::Tree};
pub use self::{
    inputs::{Assignment, Giver, Inputs, Undeclared},
    roots::{roots, roots_of},
};
use crate::{
    files::Files,
    finding::Finding,
    parallel,
    resource::Resource,
    source::{SourceMap, Span},
};

/// A root module and all that it calls, evaluated.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Every instance of every resource and data source.
    pub resources: Vec<Resource>,
    /// The modules whose code is not there, by their addresses without keys: nothing of what is in them is seen.
    pub hidden: Vec<String>,
    /// What is wrong with the code, and what of it is not there.
    pub findings: Vec<Finding>,
    /// The comments that speak to this program.
    pub comments: Vec<Comment>,
    /// Links to code that are not followed, because they lead out of what is analysed.
    pub unfollowed: Vec<String>,
    /// What variables are given that the root does not declare.
    pub undeclared: Vec<Undeclared>,
}

/// A comment that starts with `iac-check:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// All of it, with its marks.
    pub span: Span,
    /// What it says, without them.
    pub text: String,
}

/// Whether a file of this name is Terraform code.
pub fn is_code(path: &str) -> bool {
    folder::has_code(&[path.rsplit('/').next().unwrap_or(path).to_owned()])
}

/// How much stack evaluation has: what is nested as deep as is followed fits in.
pub const STACK: usize = 256 << 20;

/// Evaluates the root module in `folder`.
pub fn load(files: &dyn Files, sources: &mut SourceMap, folder: &str, inputs: &Inputs) -> Loaded {
    let mut gathered = Gathered::default();
    let mut tree = module::read(files, sources, folder, inputs, &mut gathered);
    tree.facts.clone_from(&inputs.facts);
    let hidden = std::mem::take(&mut tree.hidden);
    let (given, undeclared) = inputs::read(files, sources, &tree, inputs, &mut gathered);
    tree.give(given);
    let Gathered { mut findings, comments, unfollowed } = gathered;
    let (resources, found) = parallel::on_stack_of(STACK, || evaluate(files, &tree));
    findings.extend(found);
    Loaded { resources, hidden, findings, comments, unfollowed, undeclared }
}

fn evaluate(files: &dyn Files, tree: &Tree) -> (Vec<Resource>, Vec<Finding>) {
    let mut evaluator = Evaluator::new(files, tree);
    let resources = evaluator.resources();
    (resources, evaluator.findings)
}
