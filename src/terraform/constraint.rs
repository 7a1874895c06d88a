//! What a variable's `type` asks for: the type, and the defaults of its optional attributes.

use std::collections::BTreeMap;

use super::{
    cty::{Field, Type},
    literal,
    trouble::Failure,
};
use crate::syntax::{Expression, ExpressionKind, ObjectItem, ObjectKey};

/// A type, and what its optional attributes are where a value leaves them out.
#[derive(Clone, Debug)]
pub(super) struct Constraint {
    pub r#type: Type,
    pub defaults: Defaults,
}

/// The defaults that a type names, in the shape of the type.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    /// Of an object's own attributes.
    pub own: BTreeMap<String, Expression>,
    /// Within an object's attributes.
    pub fields: BTreeMap<String, Defaults>,
    /// Within a tuple's items.
    pub items: Vec<Defaults>,
    /// Within every item of a list, set or map.
    pub each: Option<Box<Defaults>>,
}

/// How deep types may nest: far deeper than anyone writes them.
const DEEPEST: usize = 64;

impl Constraint {
    /// No `type` at all.
    pub(super) fn any() -> Self {
        Self { r#type: Type::Dynamic, defaults: Defaults::default() }
    }

    /// Whether it is text, a number or a bool.
    pub(super) fn is_primitive(&self) -> bool {
        matches!(self.r#type, Type::Text | Type::Number | Type::Bool)
    }

    pub(super) fn read(expression: &Expression) -> Result<Self, Failure> {
        read(expression, DEEPEST)
    }
}

impl Defaults {
    pub(super) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.fields.is_empty() && self.items.is_empty() && self.each.is_none()
    }
}

fn read(expression: &Expression, depth: usize) -> Result<Constraint, Failure> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Failure::new(expression.span, "a type this deep is not read"));
    };
    let expression = literal::bare(expression);
    match (literal::word(expression), literal::call(expression)) {
        (Some(name), _) => simple(expression, name),
        (None, Some((name, [argument]))) => complex(expression, name, argument, depth),
        (None, Some((name, _))) => Err(Failure::new(expression.span, format!("`{name}` takes one type"))),
        (None, None) => Err(Failure::new(expression.span, "this is no type")),
    }
}

fn simple(expression: &Expression, name: &str) -> Result<Constraint, Failure> {
    let r#type = match name {
        "any" => Type::Dynamic,
        "string" => Type::Text,
        "number" => Type::Number,
        "bool" => Type::Bool,
        "list" => Type::List(Box::new(Type::Dynamic)),
        "map" => Type::Map(Box::new(Type::Dynamic)),
        "set" => Type::Set(Box::new(Type::Dynamic)),
        _ => return Err(Failure::new(expression.span, format!("there is no type `{name}`"))),
    };
    Ok(Constraint { r#type, defaults: Defaults::default() })
}

fn complex(expression: &Expression, name: &str, argument: &Expression, depth: usize) -> Result<Constraint, Failure> {
    match name {
        "list" => collection(argument, depth, Type::List),
        "set" => collection(argument, depth, Type::Set),
        "map" => collection(argument, depth, Type::Map),
        "tuple" => tuple(argument, depth),
        "object" => object(argument, depth),
        "optional" => Err(Failure::new(expression.span, "`optional` stands only in an object type")),
        _ => Err(Failure::new(expression.span, format!("there is no type `{name}`"))),
    }
}

fn collection(argument: &Expression, depth: usize, of: fn(Box<Type>) -> Type) -> Result<Constraint, Failure> {
    let Constraint { r#type, defaults } = read(argument, depth)?;
    let each = (!defaults.is_empty()).then(|| Box::new(defaults));
    Ok(Constraint { r#type: of(Box::new(r#type)), defaults: Defaults { each, ..Defaults::default() } })
}

fn tuple(argument: &Expression, depth: usize) -> Result<Constraint, Failure> {
    let ExpressionKind::Tuple(items) = &argument.kind else {
        return Err(Failure::new(argument.span, "a tuple type is a list of types"));
    };
    let items = items.iter().map(|item| read(item, depth)).collect::<Result<Vec<_>, _>>()?;
    let (types, items): (Vec<_>, Vec<_>) = items.into_iter().map(|it| (it.r#type, it.defaults)).unzip();
    let items = if items.iter().all(Defaults::is_empty) { Vec::new() } else { items };
    Ok(Constraint { r#type: Type::Tuple(types), defaults: Defaults { items, ..Defaults::default() } })
}

fn object(argument: &Expression, depth: usize) -> Result<Constraint, Failure> {
    let ExpressionKind::Object(items) = &argument.kind else {
        return Err(Failure::new(argument.span, "an object type is a map from names to types"));
    };
    let mut fields = BTreeMap::new();
    let mut defaults = Defaults::default();
    for ObjectItem { key, value } in items {
        let name = name_of(key)?;
        let (value, default, is_optional) = match literal::call(value) {
            Some(("optional", [r#type])) => (r#type, None, true),
            Some(("optional", [r#type, default])) => (r#type, Some(default), true),
            Some(("optional", _)) => return Err(Failure::new(value.span, "`optional` takes a type and a default")),
            Some(_) | None => (value, None, false),
        };
        let inner = read(value, depth)?;
        if let Some(default) = default {
            defaults.own.insert(name.clone(), default.clone());
        }
        if !inner.defaults.is_empty() {
            defaults.fields.insert(name.clone(), inner.defaults);
        }
        fields.insert(name, Field { r#type: inner.r#type, is_optional });
    }
    Ok(Constraint { r#type: Type::Object(fields), defaults })
}

fn name_of(key: &ObjectKey) -> Result<String, Failure> {
    let (name, span) = match key {
        ObjectKey::Name { name, span } => (Some(name.as_str()), *span),
        ObjectKey::Expression(key) => (literal::text(key), key.span),
    };
    name.map(str::to_owned).ok_or_else(|| Failure::new(span, "an attribute of an object type has a plain name"))
}
