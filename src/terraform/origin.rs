//! Where a value comes from: the way from the expression that uses it, through locals, arguments and defaults, to the
//! expression that says it.

use std::sync::Arc;

use super::{
    cty::Term,
    evaluate::{
        Evaluator,
        reference::{Head, head, literal_key},
        scope::{InstanceKey, ModuleId, Scope},
    },
    inputs::Given,
    literal,
};
use crate::{
    source::Span,
    syntax::{Expression, ExpressionKind, ObjectKey},
    value::{Origin, Place},
};

/// How far a way is followed.
const LONGEST: usize = 64;

/// The way that a value came: where it stands, and what says it in the end.
#[derive(Clone)]
pub(super) struct Way<'a> {
    /// The places on the way, the use first. Never empty.
    places: Vec<(Span, Place)>,
    /// The expression that says the value, where the way leads to one.
    end: (&'a Expression, Scope<'a>),
}

impl<'a> Way<'a> {
    pub(super) fn of(evaluator: &Evaluator<'a>, expression: &'a Expression, scope: &Scope<'a>) -> Self {
        let mut way = Self { places: vec![(expression.span, Place::Code)], end: (expression, scope.clone()) };
        way.follow(evaluator);
        way
    }

    fn follow(&mut self, evaluator: &Evaluator<'a>) {
        while self.places.len() < LONGEST {
            let Some(next) = evaluator.comes_from(self.end.0, &self.end.1, LONGEST) else { return };
            let is_argument = evaluator.is_called_from(self.end.1.module, next.1.module);
            self.places.push((next.0.span, if is_argument { Place::Argument } else { Place::Code }));
            self.end = next;
        }
    }

    pub(super) fn origin(&self) -> Origin {
        let mut through = None;
        for &(at, place) in self.places.iter().skip(1).rev() {
            through = Some(Arc::new(Origin { at, place, through }));
        }
        let (at, place) = self.places[0];
        Origin { at, place, through }
    }

    /// The way of one item of it, where the code writes the items out.
    pub(super) fn item(&self, evaluator: &Evaluator<'a>, key: &InstanceKey) -> Self {
        let Some(item) = written_item(self.end.0, key) else { return self.clone() };
        let mut places = self.places.clone();
        if places.len() < LONGEST
            && let Some((_, place)) = places.pop()
        {
            // The item stands within what says the whole: the nearer place says more.
            places.push((item.span, place));
        }
        let mut way = Self { places, end: (item, self.end.1.clone()) };
        way.follow(evaluator);
        way
    }
}

impl<'a> Evaluator<'a> {
    /// What `expression`, where it only names something, takes its value from.
    fn comes_from(
        &self,
        expression: &'a Expression,
        scope: &Scope<'a>,
        depth: usize,
    ) -> Option<(&'a Expression, Scope<'a>)> {
        let depth = depth.checked_sub(1)?;
        let expression = literal::bare(expression);
        if let ExpressionKind::Index { of, key } = &expression.kind {
            return self.part(of, &literal_key(key)?, scope, depth);
        }
        let (of, name) = literal::attribute(expression)?;
        match head(expression, scope) {
            Some(Head::Plain(root)) => self.named(root, name, scope),
            Some(Head::Output(call, key)) => self.output_of(call, key.as_ref(), name, scope),
            Some(Head::Typed(..)) => None,
            None => self.part(of, &InstanceKey::Name(name.to_owned()), scope, depth),
        }
    }

    /// Whether `caller` calls `module`, directly or through others.
    fn is_called_from(&self, module: ModuleId, caller: ModuleId) -> bool {
        let above = |module: &ModuleId| self.modules[*module].call.as_ref().map(|site| site.scope.module);
        std::iter::successors(above(&module), above).any(|it| it == caller)
    }

    fn named(&self, root: &str, name: &str, scope: &Scope<'a>) -> Option<(&'a Expression, Scope<'a>)> {
        let module = &self.modules[scope.module];
        match root {
            "var" => self.variable_from(scope.module, name),
            "local" => Some((&module.configuration.locals.get(name)?.value, Scope::of(scope.module))),
            "each" if name == "value" => {
                let repetition = scope.repetition.as_ref()?;
                let outer = Scope::of(scope.module);
                self.part_of(repetition.from?, &repetition.key, &outer, LONGEST)
            }
            _ => None,
        }
    }

    fn variable_from(&self, module: ModuleId, name: &str) -> Option<(&'a Expression, Scope<'a>)> {
        let it = &self.modules[module];
        let variable = it.configuration.variables.get(name)?;
        let argument = match &it.call {
            Some(site) => site.call.arguments.get(name).map(|it| (&it.value, site.scope.clone())),
            None => match self.tree.given.get(name) {
                Some(Given::Expression(expression)) => Some((expression, Scope::of(module))),
                Some(Given::Text { expression, .. }) => Some((expression.as_ref()?, Scope::of(module))),
                None => None,
            },
        };
        argument.or_else(|| Some((variable.default.as_ref()?, Scope::of(module))))
    }

    fn output_of(
        &self,
        call: &str,
        key: Option<&InstanceKey>,
        name: &str,
        scope: &Scope<'a>,
    ) -> Option<(&'a Expression, Scope<'a>)> {
        let instances = self.modules[scope.module].calls.get(call)?;
        let wanted = key.unwrap_or(&InstanceKey::None);
        let is_wanted = |module: &&ModuleId| {
            let site = self.modules[**module].call.as_ref();
            let key = site.and_then(|site| site.scope.repetition.as_ref()).map(|it| &it.key);
            key == Some(wanted)
        };
        let module = *instances.iter().find(is_wanted)?;
        let output = self.modules[module].configuration.outputs.get(name)?;
        Some((output.value.as_ref()?, Scope::of(module)))
    }

    /// One item or attribute of what `of` says.
    fn part(
        &self,
        of: &'a Expression,
        key: &InstanceKey,
        scope: &Scope<'a>,
        depth: usize,
    ) -> Option<(&'a Expression, Scope<'a>)> {
        if let ExpressionKind::Variable(name) = &of.kind {
            // `ingress.value` of a `dynamic` block.
            let (from, outer, at) = scope.binding(name)?.from.as_ref()?;
            let is_value = matches!(key, InstanceKey::Name(name) if name == "value");
            return if is_value { self.part_of(from, &key_of(at)?, outer, depth) } else { None };
        }
        self.part_of(of, key, scope, depth)
    }

    fn part_of(
        &self,
        of: &'a Expression,
        key: &InstanceKey,
        scope: &Scope<'a>,
        depth: usize,
    ) -> Option<(&'a Expression, Scope<'a>)> {
        let (mut end, mut scope) = (of, scope.clone());
        for _ in 0..depth {
            if let Some(item) = written_item(end, key) {
                return Some((item, scope));
            }
            (end, scope) = self.comes_from(end, &scope, depth - 1)?;
        }
        None
    }
}

/// The item under `key` of an object or tuple that the code writes out.
fn written_item<'a>(expression: &'a Expression, key: &InstanceKey) -> Option<&'a Expression> {
    let expression = literal::bare(expression);
    if let (ExpressionKind::Tuple(items), InstanceKey::Index(index)) = (&expression.kind, key) {
        return items.get(*index);
    }
    let (ExpressionKind::Object(items), InstanceKey::Name(name)) = (&expression.kind, key) else { return None };
    let is_named = |key: &ObjectKey| match key {
        ObjectKey::Name { name: it, .. } => it == name,
        ObjectKey::Expression(it) => matches!(&it.kind, ExpressionKind::Text(it) if it == name),
    };
    items.iter().rev().find(|item| is_named(&item.key)).map(|item| &item.value)
}

fn key_of(term: &Term) -> Option<InstanceKey> {
    if let super::cty::Data::Number(number) = &term.data {
        return number.to_usize().map(InstanceKey::Index);
    }
    term.as_text().map(|name| InstanceKey::Name(name.to_owned()))
}
