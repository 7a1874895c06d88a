//! What the names in an expression stand for, where it stands.

use std::{fmt, rc::Rc};

use crate::{
    syntax::Expression,
    terraform::{cty::Term, number::Number},
};

/// An instance of a module, by its place in the evaluator's list.
pub(in crate::terraform) type ModuleId = usize;

/// Where an expression stands.
#[derive(Clone, Debug)]
pub(in crate::terraform) struct Scope<'a> {
    pub module: ModuleId,
    /// What `each` and `count` are.
    pub repetition: Option<Rc<Repetition<'a>>>,
    /// The innermost `for` variable or `dynamic` iterator.
    pub bindings: Option<Rc<Binding<'a>>>,
    /// The item of the splat around it.
    pub item: Option<Rc<Term>>,
}

/// One instance of a block with `count` or `for_each`.
#[derive(Clone, Debug)]
pub(in crate::terraform) struct Repetition<'a> {
    pub key: InstanceKey,
    /// `each.key` and `each.value`.
    pub each: Option<(Term, Term)>,
    /// `count.index`.
    pub index: Option<Term>,
    /// What `for_each` says: where `each.value` comes from.
    pub from: Option<&'a Expression>,
}

/// A name within an expression.
#[derive(Clone, Debug)]
pub(in crate::terraform) struct Binding<'a> {
    pub name: &'a str,
    pub value: Term,
    /// Of the iterator of a `dynamic` block: the expression that it goes over, where that stands, and the key it is at.
    pub from: Option<(&'a Expression, Scope<'a>, Term)>,
    pub outer: Option<Rc<Binding<'a>>>,
}

/// Which instance of a resource or module: what its address ends in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::terraform) enum InstanceKey {
    /// The only one: neither `count` nor `for_each`.
    None,
    /// `[0]`.
    Index(usize),
    /// `["a"]`.
    Name(String),
    /// `[*]`: stands for all, where `count` or the keys of `for_each` are not known.
    Any,
}

impl<'a> Scope<'a> {
    /// Where a module's own arguments stand.
    pub(in crate::terraform) fn of(module: ModuleId) -> Self {
        Self { module, repetition: None, bindings: None, item: None }
    }

    pub(in crate::terraform) fn repeated(module: ModuleId, repetition: Rc<Repetition<'a>>) -> Self {
        Self { repetition: Some(repetition), ..Self::of(module) }
    }

    /// The same place, with one more name.
    pub(in crate::terraform) fn with(&self, name: &'a str, value: Term) -> Self {
        let binding = Binding { name, value, from: None, outer: self.bindings.clone() };
        Self { bindings: Some(Rc::new(binding)), ..self.clone() }
    }

    /// The same place, within a `dynamic` block.
    pub(in crate::terraform) fn iterating(&self, name: &'a str, value: Term, from: (&'a Expression, Term)) -> Self {
        let from = Some((from.0, self.clone(), from.1));
        let binding = Binding { name, value, from, outer: self.bindings.clone() };
        Self { bindings: Some(Rc::new(binding)), ..self.clone() }
    }

    pub(in crate::terraform) fn binding(&self, name: &str) -> Option<&Binding<'a>> {
        let mut binding = self.bindings.as_deref();
        while let Some(it) = binding {
            if it.name == name {
                return Some(it);
            }
            binding = it.outer.as_deref();
        }
        None
    }
}

impl InstanceKey {
    /// What `each.key` or `count.index` is there.
    pub(in crate::terraform) fn term(&self) -> Option<Term> {
        match self {
            Self::Index(index) => Some(Term::number(Number::integer(*index))),
            Self::Name(name) => Some(Term::text(name)),
            Self::None | Self::Any => None,
        }
    }
}

/// As Terraform writes it in an address.
impl fmt::Display for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Name(name) => write!(f, "[\"{}\"]", escaped(name)),
            Self::Any => write!(f, "[*]"),
        }
    }
}

/// Text as Terraform writes it between quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut left = text.chars().peekable();
    while let Some(it) = left.next() {
        match it {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '$' | '%' if left.peek() == Some(&'{') => {
                escaped.push(it);
                escaped.push(it);
            }
            it => escaped.push(it),
        }
    }
    escaped
}
