//! Text with interpolations and directives.

use super::{Evaluator, collection::elements, scope::Scope};
use crate::{
    source::Span,
    syntax::{Expression, TemplatePart},
    terraform::{
        convert::convert,
        cty::{Term, Type},
        operators,
        trouble::Failure,
    },
};

/// Text in the making.
#[derive(Default)]
struct Text {
    parts: Vec<Term>,
    is_sensitive: bool,
}

impl<'a> Evaluator<'a> {
    /// `"…${…}…"`. A template that is nothing but one interpolation is that value, whatever its type.
    pub(in crate::terraform) fn template(
        &mut self,
        span: Span,
        parts: &'a [TemplatePart],
        scope: &Scope<'a>,
    ) -> Result<Term, Failure> {
        if let [TemplatePart::Interpolation(only)] = parts {
            return self.evaluate(only, scope);
        }
        let mut text = Text::default();
        self.write(parts, scope, &mut text)?;
        let whole = operators::concat(&text.parts).map_err(|why| Failure::new(span, why))?;
        Ok(whole.with_sensitivity(text.is_sensitive))
    }

    fn write(&mut self, parts: &'a [TemplatePart], scope: &Scope<'a>, text: &mut Text) -> Result<(), Failure> {
        for part in parts {
            match part {
                TemplatePart::Text(it) => {
                    self.budget.write(it.len());
                    text.parts.push(Term::text(it));
                }
                TemplatePart::Interpolation(expression) => {
                    let value = self.evaluate(expression, scope)?;
                    self.budget.interpolate(&value);
                    text.add(value, expression.span)?;
                }
                TemplatePart::If { condition, yes, no } => self.write_if(condition, yes, no, scope, text)?,
                TemplatePart::For { key_name, value_name, over, body } => {
                    self.write_for((key_name.as_deref(), value_name), over, body, scope, text)?;
                }
            }
        }
        Ok(())
    }

    fn write_if(
        &mut self,
        condition: &'a Expression,
        yes: &'a [TemplatePart],
        no: &'a [TemplatePart],
        scope: &Scope<'a>,
        text: &mut Text,
    ) -> Result<(), Failure> {
        let span = condition.span;
        let condition = self.evaluate(condition, scope)?;
        let truth =
            convert(&condition, &Type::Bool).map_err(|why| Failure::new(span, format!("as a condition: {why}")))?;
        if truth.is_null() {
            return Err(Failure::new(span, "a condition is null"));
        }
        text.is_sensitive |= truth.is_sensitive;
        self.enter(span)?;
        let written = match truth.as_bool() {
            Some(true) => self.write(yes, scope, text),
            Some(false) => self.write(no, scope, text),
            None => {
                let mut sides = Text::default();
                let written = [yes, no].map(|side| self.write(side, scope, &mut sides));
                sides.parts.push(truth);
                text.skip(&sides.parts);
                text.is_sensitive |= sides.is_sensitive;
                // What is wrong with a side does not matter where the other is taken.
                let [yes, no] = written;
                yes.or(no)
            }
        };
        self.leave();
        written
    }

    fn write_for(
        &mut self,
        (key_name, value_name): (Option<&'a str>, &'a str),
        over: &'a Expression,
        body: &'a [TemplatePart],
        scope: &Scope<'a>,
        text: &mut Text,
    ) -> Result<(), Failure> {
        let collection = self.evaluate(over, scope)?;
        text.is_sensitive |= collection.is_sensitive;
        self.budget.keys(&collection);
        let Some(elements) = elements(&collection).map_err(|why| Failure::new(over.span, why))? else {
            text.skip(&[collection]);
            return Ok(());
        };
        for (key, value) in elements {
            let inner = match key_name {
                Some(name) => scope.with(name, key),
                None => scope.clone(),
            };
            let inner = inner.with(value_name, value);
            self.enter(over.span)?;
            let written = self.write(body, &inner, text);
            self.leave();
            written?;
        }
        Ok(())
    }
}

impl Text {
    fn add(&mut self, value: Term, span: Span) -> Result<(), Failure> {
        // Joined with nothing, a part tells by itself whether it can stand in text.
        operators::concat(std::slice::from_ref(&value)).map_err(|why| Failure::new(span, why))?;
        self.parts.push(value);
        Ok(())
    }

    /// From here on, more than what is known may stand.
    fn skip(&mut self, unknown: &[Term]) {
        let is_sensitive = unknown.iter().any(|it| it.is_sensitive);
        let part = Term::unknown_not_null(Type::Text, Term::why_made_of(unknown));
        self.parts.push(part.with_sensitivity(is_sensitive));
    }
}
