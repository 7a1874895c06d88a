//! What is left when evaluation is done: resources whose values know where they come from.

use std::{collections::BTreeMap, sync::Arc};

use compact_str::CompactString;

use super::{
    body::{Nested, ResourceInstance, Settings},
    configuration::{BlockMode, ProviderName, ResourceName},
    cty::{self, Data, Term, TextPart, Type, Why},
    evaluate::{
        Evaluator,
        scope::{InstanceKey, ModuleId, Scope},
    },
    number,
    origin::Way,
    stored::settle,
    trouble::Failure,
    unknown::told,
};
use crate::{
    resource::{Mode, Resource},
    schema::defaults::Defaults,
    source::Span,
    value::{Address, Kind, MadeOf, Members, Number, Origin, Part, Place, Reference, Unknown, Value},
};

/// How deep a value is told.
const DEEPEST: usize = 128;

/// How many parts the values of one project's resources have in all: what many resources name together is told of each of
/// them, so that a few lines can double it over and over.
const MOST_PARTS: usize = 1_500_000;

/// How many bytes of text count as a part.
const PART: usize = 256;

impl<'a> Evaluator<'a> {
    /// Every resource of the project, in the order of addresses' modules.
    pub(super) fn resources(&mut self) -> Vec<Resource> {
        let mut resources = Vec::new();
        let mut open = vec![0];
        while let Some(module) = open.pop() {
            let configuration = self.modules[module].configuration;
            for name in configuration.resources.keys() {
                self.resource_value(module, name);
                if name.mode != BlockMode::Ephemeral {
                    let instances = self.resource_instances(module, name);
                    resources.extend(instances.iter().map(|it| self.resource_of(module, name, it)));
                }
            }
            for name in configuration.calls.keys().rev() {
                let instances = self.module_instances(module, name);
                open.extend(instances.iter().flat_map(|it| it.iter().rev()));
            }
            // What nobody asks for may be wrong all the same.
            for name in configuration.outputs.keys() {
                self.output(module, name);
            }
        }
        resources
    }

    fn resource_of(&mut self, module: ModuleId, name: &'a ResourceName, instance: &ResourceInstance<'a>) -> Resource {
        let was_told = self.told_parts.get() <= MOST_PARTS;
        let mut body = {
            // What a data source answers, it was asked for.
            let defaults = if name.mode == BlockMode::Managed { Defaults::of(&name.kind) } else { Defaults::default() };
            self.settings_value(&instance.body, defaults, instance.scope.module)
        };
        if was_told && MOST_PARTS < self.told_parts.get() {
            let message = format!(
                "the values of the resources up to `{}` have more than {MOST_PARTS} parts: what is more is taken for unknown",
                instance.address
            );
            self.tell(module, Failure::new(instance.body.header, message));
        }
        if name.mode == BlockMode::Managed {
            settle(&name.kind, &mut body);
        }
        let region = body.get("region").and_then(Value::text).map(str::to_owned);
        Resource {
            address: Address::new(&instance.address),
            mode: if name.mode == BlockMode::Data { Mode::Data } else { Mode::Managed },
            kind: name.kind.as_str().into(),
            region: region.or_else(|| self.resource_region(module, name)),
            action: None,
            span: instance.body.header,
            body,
        }
    }

    /// The region that a resource's provider is set to.
    pub(super) fn resource_region(&mut self, module: ModuleId, name: &ResourceName) -> Option<String> {
        let named = self.modules[module].configuration.resources[name].provider.clone();
        self.region(module, named.unwrap_or_else(|| ProviderName::default_of(&name.kind)))
    }

    /// The region that a provider is set to, as `module` knows it.
    fn region(&mut self, module: ModuleId, mut provider: ProviderName) -> Option<String> {
        let mut module = module;
        loop {
            let configuration = self.modules[module].configuration;
            let declared = configuration.providers.iter().find(|it| it.name == provider);
            if let Some(region) = declared.and_then(|it| it.region.as_ref()) {
                let region = self.value(region, &Scope::of(module));
                return region.as_text().filter(|_| !region.is_sensitive).map(str::to_owned);
            }
            let site = self.modules[module].call.clone()?;
            provider = match site.call.providers.get(&provider) {
                Some(passed) => passed.clone(),
                None if provider.alias.is_none() => provider,
                None => return None,
            };
            module = site.scope.module;
        }
    }

    /// The place of a block, and the calls that lead to its module.
    fn origin_of(&self, at: Span, module: ModuleId) -> Origin {
        let mut calls = Vec::new();
        let mut it = &self.modules[module];
        while let Some(site) = &it.call {
            calls.push(site.call.header);
            it = &self.modules[site.scope.module];
        }
        let through = calls
            .into_iter()
            .rev()
            .fold(None, |through, at| Some(Arc::new(Origin { at, place: Place::Call, through })));
        Origin { through, ..Origin::at(at) }
    }

    fn settings_value(&self, settings: &Settings<'a>, defaults: Defaults, module: ModuleId) -> Value {
        let mut attributes: Vec<(CompactString, Value)> = Vec::new();
        for argument in &settings.arguments {
            let way = Way::of(self, argument.expression, &argument.scope);
            let mut value = self.lower(&argument.value, &way, DEEPEST);
            if value.kind == Kind::Null {
                // As if it were not there.
                value.kind = defaults.left_out(argument.name).unwrap_or(Kind::Unknown(Unknown::Computed));
                if value.unknown().is_none() {
                    value.origin.place = Place::Default;
                }
            }
            attributes.push((argument.name.into(), value));
        }
        for (kind, nested) in &settings.blocks {
            if !nested.blocks.is_empty() || !nested.unknown.is_empty() {
                let value = self.nested_value(nested, defaults.block(kind), settings.header, module);
                attributes.push(((*kind).into(), value));
            }
        }
        Value::new(Kind::Map(attributes.into_iter().collect()), self.origin_of(settings.header, module))
    }

    fn nested_value(&self, nested: &Nested<'a>, defaults: Defaults, header: Span, module: ModuleId) -> Value {
        let first = nested.unknown.first().map(|(span, _)| *span).or(nested.blocks.first().map(|it| it.header));
        let origin = self.origin_of(first.unwrap_or(header), module);
        if nested.unknown.is_empty() {
            let blocks = nested.blocks.iter().map(|it| self.settings_value(it, defaults, module)).collect();
            return Value::new(Kind::List(blocks), origin);
        }
        let possible = nested.why_unknown().references();
        let members = Members { certain: Vec::new(), possible, others: Some(nested.told()) };
        Value::new(Kind::Unknown(Unknown::members(members)), origin)
    }

    fn lower(&self, term: &Term, way: &Way<'a>, depth: usize) -> Value {
        let value = |kind| Value::new(kind, way.origin());
        if term.is_sensitive {
            return value(Kind::Unknown(Unknown::Sensitive));
        }
        self.told_parts.set(self.told_parts.get() + 1 + term.as_text().map_or(0, str::len) / PART);
        if MOST_PARTS < self.told_parts.get() {
            return value(Kind::Unknown(Unknown::Opaque("more values than are told of one project".to_owned())));
        }
        let Some(depth) = depth.checked_sub(1) else {
            return value(Kind::Unknown(Unknown::Opaque("a value nested too deep to be told".to_owned())));
        };
        let entries = |entries: &BTreeMap<String, Term>| {
            let lowered = entries.iter().map(|(key, item)| {
                let way = way.item(self, &InstanceKey::Name(key.clone()));
                (key.clone(), self.lower(item, &way, depth))
            });
            Kind::Map(lowered.collect())
        };
        value(match &term.data {
            Data::Null(_) => Kind::Null,
            Data::Bool(it) => Kind::Bool(*it),
            Data::Number(it) => Kind::Number(number_of(it)),
            Data::Text(it) => Kind::Text((&**it).into()),
            Data::List(_, items) | Data::Tuple(items) => {
                let lowered = items.iter().enumerate().map(|(at, item)| {
                    let way = way.item(self, &InstanceKey::Index(at));
                    self.lower(item, &way, depth)
                });
                Kind::List(lowered.collect())
            }
            // A set has an order of its own: which of the written items is which is not told.
            Data::Set(_, items) => Kind::List(items.iter().map(|item| self.lower(item, way, depth)).collect()),
            Data::Map(_, map) | Data::Object(map) => entries(map),
            Data::Resource(resource) => entries(&resource.known),
            Data::Unknown(unknown) => Kind::Unknown(unknown_of(unknown)),
        })
    }
}

fn number_of(number: &number::Number) -> Number {
    number.to_i64().map_or_else(|| Number::Fraction(number.to_f64()), Number::Whole)
}

fn unknown_of(unknown: &cty::Unknown) -> Unknown {
    if !unknown.parts.is_empty() {
        let parts = unknown.parts.iter().map(|part| match part {
            TextPart::Text(text) => Part::Text(text.clone()),
            TextPart::Unknown(why) => Part::Unknown(unknown_for(why, &Type::Text)),
        });
        let (of, shown) = (unknown.why.references(), told(&unknown.why));
        return Unknown::made_of(MadeOf { of, shown, parts: parts.collect() });
    }
    unknown_for(&unknown.why, &unknown.r#type)
}

fn unknown_for(why: &Why, r#type: &Type) -> Unknown {
    match why {
        Why::Attribute(reference) if reference.attribute.is_empty() => Unknown::members(Members {
            certain: Vec::new(),
            possible: vec![reference.clone()],
            others: Some(format!("the instances of {} are not known", reference.to)),
        }),
        Why::Attribute(reference) => Unknown::after_apply(reference.clone()),
        Why::OneOf(all) => match attributes(all) {
            Some(references) => Unknown::OneOf(references),
            None => made_of(why, r#type),
        },
        Why::From(_) => made_of(why, r#type),
        Why::Input(name) => Unknown::Input(name.clone()),
        Why::Other(why) => Unknown::Opaque(why.clone()),
    }
}

fn attributes(all: &[Why]) -> Option<Vec<Reference>> {
    let references = all.iter().map(|why| match why {
        Why::Attribute(reference) => Some(reference.clone()),
        Why::OneOf(_) | Why::From(_) | Why::Input(_) | Why::Other(_) => None,
    });
    references.collect()
}

/// A collection keeps the references that may be in it, and a text those that it is made of.
fn made_of(why: &Why, r#type: &Type) -> Unknown {
    let possible = why.references();
    let why = told(why);
    match r#type {
        Type::Text if !possible.is_empty() => Unknown::made_of(MadeOf { of: possible, shown: why, parts: Vec::new() }),
        Type::Bool | Type::Number | Type::Text => Unknown::Opaque(why),
        Type::Dynamic | Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_) => {
            if possible.is_empty() {
                Unknown::Opaque(why)
            } else {
                Unknown::members(Members { certain: Vec::new(), possible, others: Some(why) })
            }
        }
    }
}
