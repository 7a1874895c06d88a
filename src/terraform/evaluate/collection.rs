//! `for` expressions and splats.

use std::{collections::BTreeMap, rc::Rc};

use super::{Evaluator, scope::Scope};
use crate::{
    syntax::{Expression, ExpressionKind},
    terraform::{
        access::{self, Splat},
        convert::convert,
        cty::{Data, Term, Type, Why},
        number::Number,
        trouble::Failure,
    },
};

/// The parts of a `for` expression.
struct For<'a> {
    key_name: Option<&'a str>,
    value_name: &'a str,
    key: Option<&'a Expression>,
    value: &'a Expression,
    is_grouped: bool,
    condition: Option<&'a Expression>,
}

/// What a `for` expression has gathered.
#[derive(Default)]
struct Gathered {
    items: Vec<Term>,
    entries: BTreeMap<String, Vec<Term>>,
    is_sensitive: bool,
    /// What stands in the way of knowing which items there are.
    unknown: Vec<Term>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn for_expression(&mut self, expression: &'a Expression, scope: &Scope<'a>) -> Result<Term, Failure> {
        let ExpressionKind::For { key_name, value_name, over, key, value, is_grouped, condition } = &expression.kind
        else {
            return Err(Failure::new(expression.span, "this is no `for` expression"));
        };
        let it = For {
            key_name: key_name.as_deref(),
            value_name,
            key: key.as_deref(),
            value,
            is_grouped: *is_grouped,
            condition: condition.as_deref(),
        };
        let collection = self.evaluate(over, scope)?;
        self.budget.keys(&collection);
        let Some(elements) = elements(&collection).map_err(|why| Failure::new(over.span, why))? else {
            return Ok(self.for_unknown(&it, &collection, scope));
        };
        let mut gathered = Gathered { is_sensitive: collection.is_sensitive, ..Gathered::default() };
        for (key, value) in elements {
            let scope = it.scope(scope, key, value);
            self.gather(&it, &scope, &mut gathered)?;
        }
        Ok(it.result(gathered))
    }

    fn gather(&mut self, it: &For<'a>, scope: &Scope<'a>, gathered: &mut Gathered) -> Result<(), Failure> {
        if let Some(condition) = it.condition {
            let term = self.evaluate(condition, scope)?;
            let truth = convert(&term, &Type::Bool)
                .map_err(|why| Failure::new(condition.span, format!("as a condition: {why}")))?;
            gathered.is_sensitive |= truth.is_sensitive;
            match truth.as_bool() {
                Some(true) => (),
                Some(false) => return Ok(()),
                None if truth.is_null() => return Err(Failure::new(condition.span, "a condition is null")),
                None => {
                    gathered.unknown.push(truth);
                    // What may be in the result is known all the same.
                    gathered.unknown.extend(self.evaluate(it.value, scope).ok());
                    return Ok(());
                }
            }
        }
        let Some(key) = it.key else {
            let value = self.evaluate(it.value, scope)?;
            gathered.items.push(value);
            return Ok(());
        };
        let term = self.evaluate(key, scope)?;
        let name = convert(&term, &Type::Text).map_err(|why| Failure::new(key.span, format!("as a key: {why}")))?;
        if name.is_null() {
            return Err(Failure::new(key.span, "a key is null"));
        }
        gathered.is_sensitive |= name.is_sensitive;
        let value = self.evaluate(it.value, scope)?;
        let Some(name) = name.as_text() else {
            gathered.unknown.extend([name, value]);
            return Ok(());
        };
        self.budget.write(name.len());
        let group = gathered.entries.entry(name.to_owned()).or_default();
        if !group.is_empty() && !it.is_grouped {
            let message = format!("two items have the key {name:?}; `...` after the value would group them");
            return Err(Failure::new(key.span, message));
        }
        group.push(value);
        Ok(())
    }

    /// Over a collection whose items are not known: what the items would refer to is.
    fn for_unknown(&mut self, it: &For<'a>, collection: &Term, scope: &Scope<'a>) -> Term {
        let (value, key) = self.some_item(collection);
        let inner = it.scope(scope, key, value);
        let value = self.evaluate(it.value, &inner).ok();
        // Of the one that stands for all, nothing else is left to be known.
        let over = value.is_none() || self.collective(collection).is_none();
        let made_of = value.iter().chain(over.then_some(collection));
        let is_sensitive = made_of.clone().any(|term| term.is_sensitive);
        Term::unknown(Type::Dynamic, Term::why_made_of(made_of)).with_sensitivity(is_sensitive)
    }

    /// Any item of a collection whose items are not known, and its key.
    pub(in crate::terraform) fn some_item(&self, collection: &Term) -> (Term, Term) {
        if let Some(known) = self.collective(collection) {
            return known.clone();
        }
        let item = Term::unknown(Type::Dynamic, Term::why_made_of([collection]));
        (item.clone(), item)
    }

    pub(super) fn splat(
        &mut self,
        of: &'a Expression,
        each: &'a Expression,
        scope: &Scope<'a>,
    ) -> Result<Term, Failure> {
        let span = of.span;
        let of = self.evaluate(of, scope)?;
        if let Some((one, _)) = self.collective(&of).cloned() {
            let item = self.splat_item(one, each, scope)?;
            let is_sensitive = of.is_sensitive || item.is_sensitive;
            return Ok(Term::unknown(Type::Dynamic, Term::why_made_of([&item])).with_sensitivity(is_sensitive));
        }
        match access::splat(&of).map_err(|why| Failure::new(span, why))? {
            Splat::Items(items) => {
                if items.is_empty()
                    && let Data::List(r#type, _) | Data::Set(r#type, _) = &of.data
                {
                    // What no item of the type has is wrong, even where there is no item.
                    let item = Term::unknown(r#type.clone(), Why::Other("an item of an empty list".to_owned()));
                    self.splat_item(item, each, scope)?;
                }
                let results = items.into_iter().map(|item| self.splat_item(item, each, scope));
                let results = results.collect::<Result<Vec<_>, _>>()?;
                access::splat_result(&of, results).map_err(|why| Failure::new(span, why))
            }
            Splat::Unknown(item) => Ok(access::unknown_splat_result(&self.splat_item(item, each, scope)?)),
        }
    }

    fn splat_item(&mut self, item: Term, each: &'a Expression, scope: &Scope<'a>) -> Result<Term, Failure> {
        let scope = Scope { item: Some(Rc::new(item)), ..scope.clone() };
        self.evaluate(each, &scope)
    }
}

/// The keys and values of a collection in order; `None`: not known.
pub(in crate::terraform) fn elements(of: &Term) -> Result<Option<Vec<(Term, Term)>>, String> {
    Ok(Some(match &of.data {
        Data::List(_, items) | Data::Tuple(items) => {
            let indexed = items.iter().enumerate();
            indexed.map(|(at, item)| (Term::number(Number::integer(at)), item.clone())).collect()
        }
        Data::Set(_, items) => items.iter().map(|item| (item.clone(), item.clone())).collect(),
        Data::Map(_, entries) | Data::Object(entries) => {
            entries.iter().map(|(key, value)| (Term::text(key), value.clone())).collect()
        }
        Data::Unknown(_) | Data::Resource(_) => return Ok(None),
        Data::Null(_) => return Err("a null value cannot be gone over".to_owned()),
        Data::Bool(_) | Data::Number(_) | Data::Text(_) => {
            return Err("only a list, set, map or object can be gone over".to_owned());
        }
    }))
}

impl<'a> For<'a> {
    fn scope(&self, outer: &Scope<'a>, key: Term, value: Term) -> Scope<'a> {
        let scope = match self.key_name {
            Some(name) => outer.with(name, key),
            None => outer.clone(),
        };
        scope.with(self.value_name, value)
    }

    fn result(&self, gathered: Gathered) -> Term {
        let Gathered { items, entries, is_sensitive, unknown } = gathered;
        if !unknown.is_empty() {
            let known = items.iter().chain(entries.values().flatten());
            let why = Term::why_made_of(known.chain(&unknown));
            return Term::unknown(Type::Dynamic, why).with_sensitivity(is_sensitive);
        }
        let result = if self.key.is_none() {
            Term::tuple(items)
        } else if self.is_grouped {
            Term::object(entries.into_iter().map(|(key, group)| (key, Term::tuple(group))).collect())
        } else {
            Term::object(entries.into_iter().filter_map(|(key, mut group)| Some((key, group.pop()?))).collect())
        };
        result.with_sensitivity(is_sensitive)
    }
}
