//! What a root module's variables are given from outside, and which of several wins
//! (<https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence>).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    configuration::Variable,
    facts::Facts,
    folder::{self, Form, Gathered},
    module::Tree,
    path,
    trouble::evaluation_error,
};
use crate::{
    files::{FileKind, Files, Memory},
    source::SourceMap,
    syntax::{self, Attribute, Expression},
};

/// What is given from outside the code.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// `--var` and `--var-file`, in the order given.
    pub assignments: Vec<Assignment>,
    /// What is given before those, for many roots: what one of them does not declare is not for it.
    pub settings: Vec<Assignment>,
    /// The environment's `TF_VAR_name`, as name and value.
    pub environment: Vec<(String, String)>,
    /// What is known of resources from elsewhere.
    pub facts: Facts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// `--var NAME=VALUE`.
    Value { name: String, value: String },
    /// `--var-file FILE`, as seen from the folder of the run.
    File(String),
    /// A value as JSON, as a plan records it.
    Json { name: String, value: String },
}

/// What one variable is given.
#[derive(Clone, Debug)]
pub(super) enum Given {
    /// By a file: an expression without names.
    Expression(Expression),
    /// By the environment or the command line.
    Text {
        text: String,
        /// The same text as an expression, where it is one and the variable's type asks for one.
        expression: Option<Expression>,
        /// Who gives it: `--var name`.
        by: String,
    },
}

/// A value for a variable that the root module does not declare.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undeclared {
    pub name: String,
    pub by: Giver,
}

/// Who gives a variable its value. What the environment gives is for many roots, and needs no declaration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Giver {
    /// `--var`.
    CommandLine,
    /// `--var-file`, as it was given.
    NamedFile(String),
    /// `terraform.tfvars` and its like in the root's folder, as seen from the folder of the run.
    FoundFile(String),
}

/// What is given to the root that declares `variables`: the last that names a variable wins.
struct Reader<'a> {
    sources: &'a mut SourceMap,
    gathered: &'a mut Gathered,
    variables: &'a BTreeMap<String, Variable>,
    given: BTreeMap<String, Given>,
    undeclared: BTreeSet<Undeclared>,
}

/// What each variable of the root of `tree` is given, and what is given to none.
pub(super) fn read(
    files: &dyn Files,
    sources: &mut SourceMap,
    tree: &Tree,
    inputs: &Inputs,
    gathered: &mut Gathered,
) -> (BTreeMap<String, Given>, Vec<Undeclared>) {
    let variables = &tree.configuration(0).variables;
    let (given, undeclared) = (BTreeMap::new(), BTreeSet::new());
    let mut reader = Reader { sources, gathered, variables, given, undeclared };
    for (name, value) in &inputs.environment {
        reader.text(format!("TF_VAR_{name}"), name, value);
    }
    let within = tree.boundary.as_ref().unwrap_or(&tree.folder);
    for name in conventional(&files.list(&tree.folder, within)) {
        let path = path::join(&tree.folder, name);
        reader.file(files, &path, &Giver::FoundFile(path.clone()));
    }
    let before = reader.undeclared.clone();
    for assignment in &inputs.settings {
        reader.assignment(files, assignment, "the settings'");
    }
    reader.undeclared = before;
    for assignment in &inputs.assignments {
        reader.assignment(files, assignment, "--var");
    }
    (reader.given, reader.undeclared.into_iter().collect())
}

/// The files of a folder that give values unasked, in the order that Terraform reads them. `names` are in order.
fn conventional(names: &[String]) -> impl Iterator<Item = &str> {
    let plain = ["terraform.tfvars", "terraform.tfvars.json"];
    let is_automatic = |it: &&str| it.ends_with(".auto.tfvars") || it.ends_with(".auto.tfvars.json");
    let automatic = names.iter().map(String::as_str).filter(is_automatic);
    plain.into_iter().filter(|name| names.iter().any(|it| it == name)).chain(automatic)
}

impl Reader<'_> {
    /// What one option, or one entry of the settings, gives. `by` is how messages name the one who gives a value.
    fn assignment(&mut self, files: &dyn Files, assignment: &Assignment, by: &str) {
        match assignment {
            Assignment::Value { name, value } => {
                if !self.text(format!("{by} {name}"), name, value) {
                    self.undeclared.insert(Undeclared { name: name.clone(), by: Giver::CommandLine });
                }
            }
            Assignment::Json { name, value } => {
                let path = format!("{name}.tfvars.json");
                let one = Memory::of([(path.as_str(), format!("{{\"{name}\": {value}}}").as_str())]);
                self.file(&one, &path, &Giver::FoundFile(path.clone()));
            }
            Assignment::File(path) => {
                if files.kind(path) == Some(FileKind::File) {
                    self.file(files, path, &Giver::NamedFile(path.clone()));
                }
            }
        }
    }

    fn file(&mut self, files: &dyn Files, path: &str, by: &Giver) {
        let form = if path.strip_suffix(".json").is_some() { Form::JsonValues } else { Form::HclValues };
        let Some(parsed) = folder::parse(files, self.sources, path, form, self.gathered) else { return };
        for block in parsed.body.blocks {
            let message = "a file of values has no blocks: each variable is given as `name = value`";
            self.gathered.findings.push(evaluation_error(block.header, message));
        }
        for Attribute { name, value, .. } in parsed.body.attributes {
            if self.variables.contains_key(&name) {
                self.given.insert(name, Given::Expression(value));
            } else {
                self.undeclared.insert(Undeclared { name, by: by.clone() });
            }
        }
    }

    /// Takes in a value given as text. Whether the variable is declared.
    fn text(&mut self, by: String, name: &str, value: &str) -> bool {
        let Some(variable) = self.variables.get(name) else { return false };
        // What is wrong with it is told at the declaration: the text itself may be secret.
        let parse = || syntax::hcl::parse_expression_within(variable.header, value).ok();
        let expression = if variable.is_literal { None } else { parse() };
        self.given.insert(name.to_owned(), Given::Text { text: value.to_owned(), expression, by });
        true
    }
}
