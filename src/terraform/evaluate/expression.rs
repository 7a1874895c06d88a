//! Expressions: each has a value, known or not, or a reason why it has none.

use std::collections::BTreeMap;

use super::{
    Evaluator,
    call::may_be_anything,
    reference::{bare_name, input_names_nothing},
    scope::Scope,
};
use crate::{
    syntax::{Binary, Expression, ExpressionKind, ObjectItem, ObjectKey},
    terraform::{
        access,
        convert::convert,
        cty::{Data, Term, Type},
        foregone,
        number::Number,
        operators,
        trouble::Failure,
        unknown::{collective_address, one_of_many, opaque},
    },
};

impl<'a> Evaluator<'a> {
    /// What `expression` is where it stands.
    pub(in crate::terraform) fn evaluate(
        &mut self,
        expression: &'a Expression,
        scope: &Scope<'a>,
    ) -> Result<Term, Failure> {
        self.enter(expression.span)?;
        let result = self.evaluate_kind(expression, scope);
        self.leave();
        result
    }

    fn evaluate_kind(&mut self, expression: &'a Expression, scope: &Scope<'a>) -> Result<Term, Failure> {
        let at = |message: String| Failure::new(expression.span, message);
        match &expression.kind {
            ExpressionKind::Null => Ok(Term::null(Type::Dynamic)),
            ExpressionKind::Bool(it) => Ok(Term::bool(*it)),
            ExpressionKind::Number(text) => Number::parse(text)
                .map(|it| Term::new(Data::Number(it)))
                .map_err(|_| at(format!("`{text}` is no number"))),
            ExpressionKind::Text(text) => {
                self.budget.write(text.len());
                Ok(Term::text(text))
            }
            ExpressionKind::Template(parts) => self.template(expression.span, parts, scope),
            ExpressionKind::Tuple(items) => {
                let items = items.iter().map(|item| self.evaluate(item, scope)).collect::<Result<_, _>>()?;
                Ok(Term::tuple(items))
            }
            ExpressionKind::Object(items) => self.object(items, scope),
            ExpressionKind::Variable(name) => match scope.binding(name) {
                Some(binding) => Ok(binding.value.clone()),
                None if self.is_input => Err(input_names_nothing(expression.span)),
                None => bare_name(expression, name),
            },
            ExpressionKind::Attribute { of, name } => {
                if let Some(found) = self.reference(expression, scope) {
                    self.read_anything += usize::from(found.as_ref().is_ok_and(may_be_anything));
                    return found;
                }
                let of = self.evaluate(of, scope)?;
                self.attribute_of(&of, name).map_err(at)
            }
            ExpressionKind::Index { of, key } => {
                if let Some(found) = self.reference(expression, scope) {
                    self.read_anything += usize::from(found.as_ref().is_ok_and(may_be_anything));
                    return found;
                }
                let of = self.evaluate(of, scope)?;
                let key = self.evaluate(key, scope)?;
                self.item_of(&of, &key).map_err(at)
            }
            ExpressionKind::Splat { of, each } => self.splat(of, each, scope),
            ExpressionKind::SplatItem => match &scope.item {
                Some(item) => Ok((**item).clone()),
                None => Err(at("there is no splat around this".to_owned())),
            },
            ExpressionKind::Call { name, arguments, is_expanded } => {
                self.call(expression.span, name, arguments, *is_expanded, scope)
            }
            ExpressionKind::Unary { operator, of } => {
                let of = self.evaluate(of, scope)?;
                operators::unary(*operator, &of).map_err(at)
            }
            ExpressionKind::Binary { operator, left, right } => {
                let left = self.evaluate(left, scope)?;
                let right = self.evaluate(right, scope)?;
                let result = operators::binary(*operator, &left, &right).map_err(at)?;
                Ok(decided(*operator, &left, &right).filter(|_| !result.is_known()).unwrap_or(result))
            }
            ExpressionKind::Conditional { condition, yes, no } => self.conditional(condition, yes, no, scope),
            ExpressionKind::For { .. } => self.for_expression(expression, scope),
            ExpressionKind::Parenthesis(inner) => self.evaluate(inner, scope),
        }
    }

    fn object(&mut self, items: &'a [ObjectItem], scope: &Scope<'a>) -> Result<Term, Failure> {
        let mut entries = BTreeMap::new();
        let mut is_sensitive = false;
        let mut unknown_key = None;
        self.budget.object();
        for ObjectItem { key, value } in items {
            let value = self.evaluate(value, scope)?;
            let (key, span) = match key {
                ObjectKey::Name { name, .. } => {
                    self.budget.write(name.len());
                    entries.insert(name.clone(), value);
                    continue;
                }
                ObjectKey::Expression(key) => (self.evaluate(key, scope)?, key.span),
            };
            is_sensitive |= key.is_sensitive;
            let key = convert(&key, &Type::Text).map_err(|why| Failure::new(span, format!("as a key: {why}")))?;
            if key.is_null() {
                return Err(Failure::new(span, "a key is null"));
            }
            match key.as_text() {
                Some(name) => {
                    self.budget.write(name.len());
                    entries.insert(name.to_owned(), value);
                }
                None => unknown_key = Some(Term::tuple(vec![key, value])),
            }
        }
        let known = Term::object(entries);
        Ok(match unknown_key {
            None => known.with_sensitivity(is_sensitive),
            Some(key) => Term::unknown(Type::Dynamic, Term::why_made_of([&key, &known])).with_sensitivity(is_sensitive),
        })
    }

    fn conditional(
        &mut self,
        condition: &'a Expression,
        yes: &'a Expression,
        no: &'a Expression,
        scope: &Scope<'a>,
    ) -> Result<Term, Failure> {
        let span = condition.span;
        let condition = self.evaluate(condition, scope)?;
        let truth =
            convert(&condition, &Type::Bool).map_err(|why| Failure::new(span, format!("as a condition: {why}")))?;
        if truth.is_null() {
            return Err(Failure::new(span, "a condition is null"));
        }
        // Both sides decide the type of the result; what is wrong with the side not taken does not matter.
        let (yes, no) = (self.evaluate(yes, scope), self.evaluate(no, scope));
        let side =
            |side: &Result<Term, Failure>| side.as_ref().map_or_else(|_| opaque("a side that fails"), Term::clone);
        let result = operators::conditional(&condition, &side(&yes), &side(&no)).map_err(|why| Failure::new(span, why));
        match (truth.as_bool(), yes, no) {
            (Some(true), Err(failure), _) | (Some(false), _, Err(failure)) | (None, Err(failure), Err(_)) => {
                Err(failure)
            }
            (Some(_) | None, ..) => result,
        }
    }

    /// What `of.name` is; of a resource whose instances are not known, of the one that stands for them.
    pub(super) fn attribute_of(&mut self, of: &Term, name: &str) -> Result<Term, String> {
        if self.collective(of).is_some() {
            return self.item_of(of, &Term::text(name));
        }
        access::attribute(of, name)
    }

    pub(super) fn item_of(&mut self, of: &Term, key: &Term) -> Result<Term, String> {
        let Some((one, its_key)) = self.collective(of) else { return access::index(of, key) };
        // The key that stands for all keys leads to the instance that stands for all.
        let is_its_own = matches!((&key.data, &its_key.data), (Data::Unknown(a), Data::Unknown(b)) if a.why == b.why);
        Ok(if is_its_own { one.clone() } else { one_of_many(of) })
    }

    /// The instance that stands for all of `of`, and its key.
    pub(in crate::terraform) fn collective(&self, of: &Term) -> Option<&(Term, Term)> {
        collective_address(of).and_then(|address| self.collectives.get(address))
    }
}

/// What is decided whatever the unknowns turn out to be: by one side of `&&` or `||` alone, by an id being there. Terraform
/// waits.
fn decided(operator: Binary, left: &Term, right: &Term) -> Option<Term> {
    let is = |wanted: bool| {
        let says = |side: &Term| convert(side, &Type::Bool).is_ok_and(|it| it.as_bool() == Some(wanted));
        (says(left) || says(right)).then(|| Term::bool(wanted))
    };
    let result = match operator {
        Binary::And => is(false),
        Binary::Or => is(true),
        Binary::Equal | Binary::NotEqual => foregone::compared(operator, left, right),
        Binary::Less
        | Binary::LessOrEqual
        | Binary::Greater
        | Binary::GreaterOrEqual
        | Binary::Plus
        | Binary::Minus
        | Binary::Times
        | Binary::Divide
        | Binary::Remainder => None,
    };
    result.map(|it| it.with_sensitivity(left.is_sensitive || right.is_sensitive))
}
