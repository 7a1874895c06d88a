//! Terraform's functions, as its 1.11 has them.
//!
//! An argument that is not known makes the result unknown, made of the references in the argument, unless the function
//! needs only what is known of it. One that is not to be told makes the result so. `try` and `can` decide on errors:
//! whoever evaluates their arguments does that.

mod collections;
mod dates;
mod encodings;
mod files;
mod format;
pub(crate) mod glob;
mod hashes;
mod json;
mod lists;
mod maps;
mod members;
mod network;
mod numbers;
mod regexes;
mod sets;
mod signature;
mod strings;
mod types;
mod yaml;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::LazyLock,
};

use rustc_hash::FxBuildHasher;

pub(super) use self::json::quoted;
use self::signature::{Function, Kind, Marks, Parameter};
use super::{
    convert::convert,
    cty::{Data, Refinement, Term, Type, Why},
    number::Number,
};
use crate::files::FileKind;

/// The most items of a result.
const MOST_ITEMS: usize = 1_000_000;
/// The most bytes of a text that a function makes.
const MOST_BYTES: usize = super::operators::LONGEST_TEXT;

/// What functions ask of the module that calls them. Paths are as the code writes them: relative to the folder that
/// Terraform would run in.
pub trait Context {
    /// The bytes of a file, or why it cannot be read.
    fn read_file(&self, path: &str) -> Result<Vec<u8>, String>;

    /// What stands at the path; `None`: nothing, or it lies outside the project.
    fn file_kind(&self, path: &str) -> Option<FileKind>;

    /// The files below a folder at any depth, relative to it, with `/`.
    fn list_files(&self, folder: &str) -> Vec<String>;

    /// The folder that Terraform runs in, absolute: `abspath`.
    fn current_folder(&self) -> String;

    /// Evaluates a template with these variables and nothing else.
    fn render(&self, template: &str, variables: &BTreeMap<String, Term>) -> Result<Term, String>;
}

/// Why a call has no value, in Terraform's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// There is no such function.
    NoSuchFunction {
        name: String,
    },
    /// Too many arguments, or too few.
    Count(String),
    /// An argument is wrong; the first is 0.
    Argument {
        at: usize,
        parameter: String,
        message: String,
    },
    Failed {
        name: String,
        message: String,
    },
}

/// What goes wrong inside a function.
enum Fault {
    Argument(usize, String),
    Failed(String),
}

type Answer = Result<Term, Fault>;

/// A call: converted arguments, without sensitivity as far as the function does not look at it.
struct Call<'a> {
    arguments: Vec<Term>,
    context: &'a dyn Context,
}

static FUNCTIONS: LazyLock<HashMap<&'static str, &'static Function, FxBuildHasher>> = LazyLock::new(|| {
    let families = [
        collections::FUNCTIONS,
        dates::FUNCTIONS,
        encodings::FUNCTIONS,
        files::FUNCTIONS,
        format::FUNCTIONS,
        hashes::FUNCTIONS,
        json::FUNCTIONS,
        lists::FUNCTIONS,
        maps::FUNCTIONS,
        network::FUNCTIONS,
        numbers::FUNCTIONS,
        regexes::FUNCTIONS,
        sets::FUNCTIONS,
        strings::FUNCTIONS,
        types::FUNCTIONS,
        yaml::FUNCTIONS,
    ];
    families.into_iter().flatten().map(|it| (it.name, it)).collect()
});

/// Whether there is a function of that name: `length`, `core::length`, `provider::aws::arn_parse`.
pub fn exists(name: &str) -> bool {
    name.starts_with("provider::") || FUNCTIONS.contains_key(name.strip_prefix("core::").unwrap_or(name))
}

/// The value of `name(arguments…)`. `name` may begin with `core::`; a function of a provider is not known here, so its
/// result is not either.
pub fn call(name: &str, arguments: Vec<Term>, context: &dyn Context) -> Result<Term, CallError> {
    if name.starts_with("provider::") {
        let why = Term::why_made_of(&arguments);
        let why =
            if why == Why::From(Vec::new()) { Why::Other(format!("{name} is a provider's function")) } else { why };
        let is_sensitive = arguments.iter().any(Term::is_sensitive_deep);
        return Ok(Term::unknown(Type::Dynamic, why).with_sensitivity(is_sensitive));
    }
    let name = name.strip_prefix("core::").unwrap_or(name);
    let Some(function) = FUNCTIONS.get(name) else {
        return Err(CallError::NoSuchFunction { name: name.to_owned() });
    };
    check_count(function, arguments.len()).map_err(CallError::Count)?;
    run(function, arguments, context).map_err(|fault| match fault {
        Fault::Argument(at, message) => {
            let parameter = function.parameter(at).map_or_else(String::new, |it| it.name.to_owned());
            CallError::Argument { at, parameter, message }
        }
        Fault::Failed(message) => CallError::Failed { name: name.to_owned(), message },
    })
}

fn check_count(function: &Function, given: usize) -> Result<(), String> {
    let (name, wanted) = (function.name, function.parameters.len());
    let arguments = if wanted == 1 { "argument" } else { "arguments" };
    if let Some(missing) = function.parameters.get(given) {
        return Err(format!(
            "Function \"{name}\" expects {wanted} {arguments}. Missing value for \"{}\".",
            missing.name
        ));
    }
    if function.variadic.is_none() && wanted < given {
        return Err(format!("Function \"{name}\" expects only {wanted} {arguments}."));
    }
    Ok(())
}

fn run(function: &Function, arguments: Vec<Term>, context: &dyn Context) -> Answer {
    let mut is_sensitive = false;
    let mut is_known = true;
    let mut prepared = Vec::with_capacity(arguments.len());
    for (at, argument) in arguments.into_iter().enumerate() {
        let Some(parameter) = function.parameter(at) else { continue };
        let argument = prepare(argument, parameter).map_err(|message| Fault::Argument(at, message))?;
        let (argument, was_sensitive) = bare(argument, parameter.marks);
        is_sensitive |= was_sensitive;
        is_known &= parameter.takes_unknown || argument.is_known();
        prepared.push(argument);
    }
    let call = Call { arguments: prepared, context };
    let result = if is_known { (function.call)(&call)? } else { call.unknown(function.returns.r#type()) };
    Ok(result.with_sensitivity(is_sensitive))
}

/// The argument as the parameter wants it.
fn prepare(argument: Term, parameter: &Parameter) -> Result<Term, String> {
    let argument = match parameter.kind {
        Kind::Any => argument,
        Kind::Bool | Kind::Number | Kind::Text | Kind::ListOf(_) | Kind::SetOf(_) | Kind::MapOfTextLists => {
            convert(&argument, &parameter.kind.r#type())?
        }
    };
    if argument.is_null() && !parameter.takes_null {
        return Err("argument must not be null".to_owned());
    }
    Ok(argument)
}

/// The argument without the sensitivity that goes over to the result, and whether it had any.
fn bare(argument: Term, marks: Marks) -> (Term, bool) {
    match marks {
        Marks::Deep => {
            let is_sensitive = argument.is_sensitive_deep();
            (argument.without_sensitivity(), is_sensitive)
        }
        Marks::Outer => {
            let is_sensitive = argument.is_sensitive;
            (Term::new(argument.data), is_sensitive)
        }
        Marks::Seen => (argument, false),
    }
}

impl Call<'_> {
    fn term(&self, at: usize) -> &Term {
        &self.arguments[at]
    }

    /// The text of an argument that is converted to one and known.
    fn text(&self, at: usize) -> &str {
        self.arguments.get(at).and_then(Term::as_text).unwrap_or_default()
    }

    fn number(&self, at: usize) -> Result<&Number, Fault> {
        let number = self.arguments.get(at).and_then(Term::as_number);
        number.ok_or_else(|| Fault::Argument(at, "a number is required".to_owned()))
    }

    /// A whole number that a machine can count with.
    fn integer(&self, at: usize) -> Result<i64, String> {
        let number = self.arguments.get(at).and_then(Term::as_number);
        number
            .and_then(Number::to_i64)
            .ok_or_else(|| format!("value must be a whole number, between {} and {} inclusive", i64::MIN, i64::MAX))
    }

    fn items(&self, at: usize) -> &[Term] {
        self.arguments.get(at).and_then(Term::as_items).unwrap_or_default()
    }

    /// A value that is made of the arguments and not known. Any but one of any type is not null.
    fn unknown(&self, r#type: Type) -> Term {
        let is_not_null = r#type != Type::Dynamic;
        let refinement = Refinement { is_not_null, ..Refinement::default() };
        Term::refined(r#type, Term::why_made_of(&self.arguments), refinement)
    }

    /// The first argument is of no use: an error, unless nobody knows what it is.
    fn unfit(&self, error: impl Into<Fault>) -> Answer {
        match &self.term(0).data {
            Data::Resource(_) | Data::Unknown(_) if self.term(0).type_of() == Type::Dynamic => {
                Ok(self.unknown(Type::Dynamic))
            }
            Data::Null(_)
            | Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::List(..)
            | Data::Set(..)
            | Data::Map(..)
            | Data::Tuple(_)
            | Data::Object(_)
            | Data::Resource(_)
            | Data::Unknown(_) => Err(error.into()),
        }
    }
}

fn check_size(items: usize) -> Result<(), Fault> {
    if MOST_ITEMS < items {
        return Err(Fault::Failed(format!("the result would have more than {MOST_ITEMS} items")));
    }
    Ok(())
}

fn check_length(bytes: usize) -> Result<(), Fault> {
    if MOST_BYTES < bytes {
        return Err(Fault::Failed(format!("the result would be longer than {MOST_BYTES} bytes")));
    }
    Ok(())
}

/// An error at the first argument.
fn at_first(message: &str) -> Fault {
    Fault::Argument(0, message.to_owned())
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self::Failed(message)
    }
}

impl From<&str> for Fault {
    fn from(message: &str) -> Self {
        Self::Failed(message.to_owned())
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchFunction { name } => write!(f, "There is no function named \"{name}\"."),
            Self::Count(message) => f.write_str(message),
            Self::Argument { parameter, message, .. } => {
                write!(f, "Invalid value for \"{parameter}\" parameter: {message}.")
            }
            Self::Failed { name, message } => write!(f, "Call to function \"{name}\" failed: {message}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{CallError, Context, FUNCTIONS, call};
    use crate::{
        files::FileKind,
        terraform::cty::{Data, Term, Type, Why},
        value::{Address, Reference},
    };

    /// A folder with one template, that shows its variables.
    struct Folder;

    impl Context for Folder {
        fn read_file(&self, path: &str) -> Result<Vec<u8>, String> {
            if path == "a.tpl" { Ok(b"template".to_vec()) } else { Err(format!("no file exists at {path:?}")) }
        }

        fn file_kind(&self, path: &str) -> Option<FileKind> {
            (path == "a.tpl").then_some(FileKind::File)
        }

        fn list_files(&self, _: &str) -> Vec<String> {
            vec!["a.tpl".to_owned(), "sub/b.tf".to_owned()]
        }

        fn current_folder(&self) -> String {
            "/here".to_owned()
        }

        fn render(&self, template: &str, variables: &BTreeMap<String, Term>) -> Result<Term, String> {
            Ok(Term::text(&format!("{template} {:?}", variables.keys().collect::<Vec<_>>())))
        }
    }

    fn run(name: &str, arguments: &[Term]) -> Term {
        call(name, arguments.to_vec(), &Folder).unwrap_or_else(|error| panic!("{error}"))
    }

    fn reference(path: &str) -> Reference {
        Reference::new(Address::new("data.aws_availability_zones.this"), path)
    }

    fn zones() -> Term {
        Term::unknown(Type::Dynamic, Why::Attribute(reference("names")))
    }

    /// The unknown attribute that it is.
    fn path(term: &Term) -> String {
        let Some(Why::Attribute(reference)) = term.as_unknown().map(|it| &it.why) else { return format!("{term:?}") };
        reference.attribute.to_string()
    }

    fn text(text: &str) -> Term {
        Term::text(text)
    }

    fn number(value: i64) -> Term {
        Term::number(value)
    }

    #[test]
    fn there_are_all_of_them() {
        // `try` and `can` are not among them: they are asked for errors, not for values.
        assert_eq!(FUNCTIONS.len(), 116 + 1);
        assert!(super::exists("core::length") && super::exists("provider::aws::arn_parse") && !super::exists("listt"));
        let error = call("upper", vec![], &Folder).unwrap_err();
        assert_eq!(error.to_string(), "Function \"upper\" expects 1 argument. Missing value for \"str\".");
        let error = call("listt", vec![], &Folder).unwrap_err();
        assert_eq!(error, CallError::NoSuchFunction { name: "listt".to_owned() });
    }

    #[test]
    fn items_of_an_unknown_list_keep_their_names() {
        let first_three = run("slice", &[zones(), number(0), number(3)]);
        let names: Vec<String> = first_three.as_items().unwrap().iter().map(path).collect();
        assert_eq!(names, ["names[0]", "names[1]", "names[2]"]);
        assert_eq!(path(&run("element", &[zones(), number(1)])), "names[1]");
        assert_eq!(path(&run("tolist", &[zones()])), "names");
        assert_eq!(path(&run("tostring", &[zones()])), "names");
        let pair = Term::tuple(vec![zones(), number(2)]);
        assert!(matches!(run("length", std::slice::from_ref(&pair)).data, Data::Number(it) if it.to_i64() == Some(2)));
        assert_eq!(path(run("reverse", std::slice::from_ref(&pair)).as_items().unwrap().last().unwrap()), "names");
        assert_eq!(path(&run("one", &[Term::tuple(vec![zones()])])), "names");
        let joined = run("join", &[text(","), Term::tuple(vec![text("a"), zones()])]);
        assert_eq!(&*joined.as_unknown().unwrap().refinement.prefix, "a,");
    }

    #[test]
    fn keys_are_known_though_values_are_not() {
        let map = Term::object(BTreeMap::from([("a".to_owned(), zones()), ("b".to_owned(), text("x"))]));
        let merged = run("merge", &[map.clone(), Term::object(BTreeMap::from([("c".to_owned(), number(1))]))]);
        assert_eq!(merged.as_entries().unwrap().keys().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(run("keys", std::slice::from_ref(&map)).is_wholly_known());
        assert_eq!(path(&run("lookup", &[map.clone(), text("a"), text("z")])), "names");
        assert_eq!(path(&run("values", &[map]).as_items().unwrap()[0]), "names");
        let both = run("zipmap", &[Term::tuple(vec![text("k")]), Term::tuple(vec![zones()])]);
        assert_eq!(path(&both.as_entries().unwrap()["k"]), "names");
    }

    #[test]
    fn what_is_made_of_the_unknown_says_so() {
        let joined = run("format", &[text("x-%s-%s"), text("y"), zones()]);
        let unknown = joined.as_unknown().unwrap();
        assert_eq!((&*unknown.refinement.prefix, &unknown.why), ("x-y-", &Why::From(vec![reference("names")])));
        assert!(run("startswith", &[joined.clone(), text("x-")]).as_bool().unwrap());
        assert!(!run("coalesce", &[zones(), text("z")]).is_known());
        assert!(!run("provider::aws::arn_parse", &[text("x")]).is_known());
        assert!(run("upper", &[text("x").with_sensitivity(true)]).is_sensitive);
    }

    #[test]
    fn files_are_those_of_the_project() {
        let variables = Term::object(BTreeMap::from([("n".to_owned(), number(1))]));
        assert_eq!(run("templatefile", &[text("a.tpl"), variables]).as_text(), Some("template [\"n\"]"));
        assert_eq!(run("file", &[text("a.tpl")]).as_text(), Some("template"));
        assert!(call("file", vec![text("/etc/passwd")], &Folder).is_err());
        assert_eq!(run("fileset", &[text("."), text("**/*.tf")]).as_items().unwrap().len(), 1);
        assert_eq!(run("abspath", &[text("../x")]).as_text(), Some("/x"));
    }

    #[test]
    fn hostile_calls_end_in_an_error() {
        let long = text(&"a".repeat(1 << 20));
        let refused = |name: &str, arguments: &[Term]| call(name, arguments.to_vec(), &Folder).is_err();
        assert!(refused("range", &[Term::number(crate::terraform::number::Number::parse("1e9").unwrap())]));
        assert!(refused("replace", &[long.clone(), text("a"), text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]));
        assert!(refused("format", &[text("%2000000000s"), text("a")]));
        assert!(refused("indent", &[number(1 << 40), text("a\nb")]));
        assert!(refused("regex", &[text("((a{1000}){1000}){1000}"), long]));
        assert!(refused("jsondecode", &[text(&"[".repeat(100_000))]));
        assert!(refused("yamldecode", &[text(&"[".repeat(100_000))]));
        let laughs: Vec<String> = (1..40).map(|at| format!("- &a{at} [*a{}, *a{}]", at - 1, at - 1)).collect();
        assert!(refused("yamldecode", &[text(&format!("- &a0 x\n{}", laughs.join("\n")))]));
        let items = Term::tuple((0..1_000).map(number).collect());
        assert!(refused("setproduct", &[items.clone(), items.clone(), items]));
    }
}
