//! One `resource` of the code, and what each part of a plan says of it.

use std::{
    collections::BTreeMap,
    fmt::Display,
    io::{self, Write},
    ops::Range,
};

use super::{
    Ids, PROVIDER,
    words::{Comma, References, fill, text, written},
};

/// One `resource` of the code, which `count` makes into several.
///
/// In its values `{n}` is the instance's index, `{id}` the same as four digits, `{zone}` and `{zone_id}` its zone as a
/// letter and as four digits, and `{each}` its own of `each`.
pub(super) struct Block {
    kind: &'static str,
    name: String,
    count: Option<Count>,
    pub(super) each: Vec<String>,
    pub(super) attributes: BTreeMap<&'static str, Attribute>,
}

/// How many instances a block with `count` has.
enum Count {
    Written(usize),
    /// None, as these references decide.
    NoneBy(String),
}

/// What an attribute is in each part of a plan.
pub(super) struct Attribute {
    /// In `after`, if it is known there.
    pub(super) planned: Option<String>,
    /// In `after_unknown`.
    pub(super) unknown: Option<String>,
    /// When it is there.
    pub(super) applied: String,
    /// In `configuration`, if it is written there.
    pub(super) expression: Option<String>,
}

impl Block {
    pub(super) fn one(kind: &'static str, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), count: None, each: vec![], attributes: BTreeMap::new() }
    }

    pub(super) fn many(kind: &'static str, name: impl Into<String>, count: usize) -> Self {
        Self { count: Some(Count::Written(count)), ..Self::one(kind, name) }
    }

    /// A block of which there may be an instance, and there is none.
    pub(super) fn chosen(kind: &'static str, name: String, by: &References) -> Self {
        Self { count: Some(Count::NoneBy(by.json())), ..Self::one(kind, name) }
    }

    /// An argument that is written as a constant, or left out.
    pub(super) fn set(&mut self, name: &'static str, value: &str) -> &mut Self {
        let expression = (value != "null" && value != "[]").then(|| written(value));
        let planned = Some(value.to_owned());
        self.attributes.insert(name, Attribute { planned, unknown: None, applied: value.to_owned(), expression });
        self
    }

    /// An argument whose value follows from what is known.
    pub(super) fn given(&mut self, name: &'static str, value: &str, references: &References) -> &mut Self {
        let (planned, expression) = (Some(value.to_owned()), Some(references.json()));
        self.attributes.insert(name, Attribute { planned, unknown: None, applied: value.to_owned(), expression });
        self
    }

    /// An argument that is known after apply.
    pub(super) fn later(&mut self, name: &'static str, value: &str, references: &References) -> &mut Self {
        let (unknown, expression) = (Some("true".to_owned()), Some(references.json()));
        self.attributes.insert(name, Attribute { planned: None, unknown, applied: value.to_owned(), expression });
        self
    }

    /// What the provider answers.
    pub(super) fn computed(&mut self, name: &'static str, value: &str) -> &mut Self {
        let unknown = Some("true".to_owned());
        let attribute = Attribute { planned: None, unknown, applied: value.to_owned(), expression: None };
        self.attributes.insert(name, attribute);
        self
    }

    pub(super) fn arn(&mut self, kind: &str, site: impl Display) -> &mut Self {
        let arn = text(&format!("arn:aws:ec2:us-east-1:123456789012:{kind}/{site}/{}-{{n}}", self.name));
        self.computed("arn", &arn)
    }

    pub(super) fn owned(&mut self) -> &mut Self {
        self.computed("owner_id", r#""123456789012""#)
    }

    pub(super) fn tags(&mut self, name: &str) -> &mut Self {
        let tags = format!(r#"{{"Environment":"production","Name":"{name}","Owner":"platform"}}"#);
        let expressions = [("tags", Some(written(&tags))), ("tags_all", None)];
        for (attribute, expression) in expressions {
            let (planned, unknown) = (Some(tags.clone()), Some("{}".to_owned()));
            self.attributes.insert(attribute, Attribute { planned, unknown, applied: tags.clone(), expression });
        }
        self
    }

    /// The indexes of its instances.
    pub(super) fn instances(&self) -> Range<usize> {
        match self.count {
            None => 0..1,
            Some(Count::Written(count)) => 0..count,
            Some(Count::NoneBy(_)) => 0..0,
        }
    }

    /// What identifies one instance, as `planned_values` and `resource_changes` both have it.
    fn head(&self, module: &str, instance: usize) -> String {
        let Self { kind, name, .. } = self;
        let dot = if module.is_empty() { "" } else { "." };
        let (key, index) = match self.count {
            Some(_) => (format!("[{instance}]"), format!(r#""index":{instance},"#)),
            None => (String::new(), String::new()),
        };
        format!(
            r#""address":"{module}{dot}{kind}.{name}{key}","mode":"managed","type":"{kind}","name":"{name}",{index}"provider_name":"{PROVIDER}""#
        )
    }

    fn values(&self, instance: usize, ids: Ids) -> String {
        let value = |attribute: &Attribute| match ids {
            Ids::Unknown => attribute.planned.clone(),
            Ids::Known => Some(attribute.applied.clone()),
        };
        fill(&self.object(value), instance, &self.each)
    }

    fn object(&self, value: impl Fn(&Attribute) -> Option<String>) -> String {
        let members = self.attributes.iter().filter_map(|(name, it)| Some(format!(r#""{name}":{}"#, value(it)?)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }

    fn sensitive(&self) -> &'static str {
        if self.attributes.contains_key("tags") { r#"{"tags":{},"tags_all":{}}"# } else { "{}" }
    }
}

pub(super) fn values(
    module: &str,
    blocks: &[Block],
    ids: Ids,
    comma: &mut Comma,
    out: &mut dyn Write,
) -> io::Result<()> {
    for block in blocks {
        for instance in block.instances() {
            write!(out, r#"{}{{{},"schema_version":0,"#, comma.next(), block.head(module, instance))?;
            write!(out, r#""values":{},"sensitive_values":{}}}"#, block.values(instance, ids), block.sensitive())?;
        }
    }
    Ok(())
}

pub(super) fn changes(
    module: &str,
    blocks: &[Block],
    ids: Ids,
    comma: &mut Comma,
    out: &mut dyn Write,
) -> io::Result<()> {
    for block in blocks {
        let unknown = block.object(|it| it.unknown.clone());
        let sensitive = block.sensitive();
        for instance in block.instances() {
            let head = block.head(module, instance);
            write!(out, "{}{{{head}", comma.next())?;
            if !module.is_empty() {
                write!(out, r#","module_address":"{module}""#)?;
            }
            let after = block.values(instance, ids);
            match ids {
                Ids::Unknown => write!(
                    out,
                    r#","change":{{"actions":["create"],"before":null,"after":{after},"after_unknown":{unknown},"before_sensitive":false,"after_sensitive":{sensitive}}}}}"#
                )?,
                Ids::Known => write!(
                    out,
                    r#","change":{{"actions":["no-op"],"before":{after},"after":{after},"after_unknown":{{}},"before_sensitive":{sensitive},"after_sensitive":{sensitive}}}}}"#
                )?,
            }
        }
    }
    Ok(())
}

pub(super) fn configuration(blocks: &[Block], comma: &mut Comma, out: &mut dyn Write) -> io::Result<()> {
    for block in blocks {
        let Block { kind, name, .. } = block;
        let expressions = block.object(|it| it.expression.clone());
        write!(
            out,
            r#"{}{{"address":"{kind}.{name}","mode":"managed","type":"{kind}","name":"{name}","#,
            comma.next()
        )?;
        write!(out, r#""provider_config_key":"aws","expressions":{expressions},"schema_version":0"#)?;
        match &block.count {
            None => (),
            Some(Count::Written(count)) => write!(out, r#","count_expression":{{"constant_value":{count}}}"#)?,
            Some(Count::NoneBy(references)) => write!(out, r#","count_expression":{references}"#)?,
        }
        write!(out, "}}")?;
    }
    Ok(())
}
