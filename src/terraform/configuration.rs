//! One module's folder, read: its blocks, sorted by what they declare.

use std::{collections::BTreeMap, fmt};

use super::{
    constraint::Constraint,
    literal,
    trouble::{Failure, evaluation_error},
};
use crate::{
    finding::Finding,
    source::Span,
    syntax::{Attribute, Block, Body, Expression, ExpressionKind, ObjectKey},
};

/// What a module declares.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    /// Some of its files are links that are not followed: it may declare more.
    pub is_partial: bool,
    pub variables: BTreeMap<String, Variable>,
    pub locals: BTreeMap<String, Attribute>,
    pub outputs: BTreeMap<String, Output>,
    pub resources: BTreeMap<ResourceName, ResourceBlock>,
    pub calls: BTreeMap<String, ModuleCall>,
    pub providers: Vec<Provider>,
}

#[derive(Debug)]
pub(super) struct Variable {
    pub header: Span,
    pub constraint: Constraint,
    /// Whether text from outside is taken as it is, not as an expression: where the type is a plain one, or none is given.
    pub is_literal: bool,
    pub default: Option<Expression>,
    pub is_nullable: bool,
    pub is_sensitive: bool,
}

#[derive(Debug)]
pub(super) struct Output {
    pub header: Span,
    pub value: Option<Expression>,
    pub is_sensitive: bool,
}

/// How a module names a resource; ordered as Terraform lists them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ResourceName {
    pub mode: BlockMode,
    pub kind: String,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum BlockMode {
    Managed,
    Data,
    /// `ephemeral`: held in memory, and secret.
    Ephemeral,
}

#[derive(Debug)]
pub(super) struct ResourceBlock {
    pub header: Span,
    pub repetition: RepetitionArguments,
    /// `provider = aws.west`: the local name and the alias.
    pub provider: Option<ProviderName>,
    pub body: Body,
}

/// `count` or `for_each`.
#[derive(Debug, Default)]
pub(super) struct RepetitionArguments {
    pub count: Option<Expression>,
    pub for_each: Option<Expression>,
}

#[derive(Debug)]
pub(super) struct ModuleCall {
    pub header: Span,
    pub source: Option<Source>,
    pub repetition: RepetitionArguments,
    /// The provider that the module knows by a name, as the caller knows it.
    pub providers: BTreeMap<ProviderName, ProviderName>,
    pub arguments: BTreeMap<String, Attribute>,
}

/// Where a module's code comes from, as the call writes it.
#[derive(Debug)]
pub(super) struct Source {
    /// `None`: an expression, which OpenTofu works out before it fetches modules.
    pub address: Option<String>,
    pub span: Span,
}

/// `aws`, `aws.west`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ProviderName {
    pub name: String,
    pub alias: Option<String>,
}

#[derive(Debug)]
pub(super) struct Provider {
    pub name: ProviderName,
    pub region: Option<Expression>,
}

/// What a module call says of itself; all else are arguments.
const CALL_ARGUMENTS: [&str; 6] = ["source", "version", "count", "for_each", "providers", "depends_on"];

/// Blocks that say nothing of any value.
const PASSED_OVER: [&str; 6] = ["terraform", "moved", "import", "removed", "check", "action"];

impl Configuration {
    /// Sorts `body`, into which overrides are merged.
    pub(super) fn of(body: Body, findings: &mut Vec<Finding>) -> Self {
        let mut this = Self::default();
        for attribute in body.attributes {
            let message = format!("`{}` stands outside of any block, where no argument is expected", attribute.name);
            findings.push(evaluation_error(attribute.name_span, message));
        }
        for block in body.blocks {
            if let Err(failure) = this.add(block, findings) {
                findings.push(evaluation_error(failure.span, failure.message));
            }
        }
        this
    }

    fn add(&mut self, block: Block, findings: &mut Vec<Finding>) -> Result<(), Failure> {
        match block.kind.as_str() {
            "variable" => {
                let [name] = labels(&block)?;
                let variable = Variable::read(block, findings);
                add(&mut self.variables, name, variable, |it| it.header, "variable")
            }
            "output" => {
                let [name] = labels(&block)?;
                add(&mut self.outputs, name, Output::read(block), |it| it.header, "output")
            }
            "locals" => self.add_locals(block),
            "module" => {
                let [name] = labels(&block)?;
                add(&mut self.calls, name, ModuleCall::read(block), |it| it.header, "module")
            }
            "provider" => {
                let [name] = labels(&block)?;
                self.providers.push(Provider::read(name, block));
                Ok(())
            }
            "resource" => self.add_resource(BlockMode::Managed, block),
            "data" => self.add_resource(BlockMode::Data, block),
            "ephemeral" => self.add_resource(BlockMode::Ephemeral, block),
            kind if PASSED_OVER.contains(&kind) => Ok(()),
            kind => Err(Failure::new(block.header, format!("there is no block `{kind}` in Terraform's language"))),
        }
    }

    fn add_locals(&mut self, block: Block) -> Result<(), Failure> {
        let mut result = Ok(());
        for attribute in block.body.attributes {
            let added =
                add(&mut self.locals, attribute.name.clone(), attribute, |it: &Attribute| it.name_span, "local value");
            result = result.and(added);
        }
        result
    }

    fn add_resource(&mut self, mode: BlockMode, mut block: Block) -> Result<(), Failure> {
        let [kind, name] = labels(&block)?;
        let repetition = RepetitionArguments::take(&mut block.body);
        let provider = take(&mut block.body, "provider").and_then(|it| provider_name(&it.value));
        let resource = ResourceBlock { header: block.header, repetition, provider, body: block.body };
        add(&mut self.resources, ResourceName { mode, kind, name }, resource, |it| it.header, "resource")
    }
}

/// Adds what is declared for the first time; a second declaration is refused.
fn add<K: Ord, V>(
    to: &mut BTreeMap<K, V>,
    name: K,
    it: V,
    header: impl Fn(&V) -> Span,
    noun: &str,
) -> Result<(), Failure> {
    if to.contains_key(&name) {
        return Err(Failure::new(header(&it), format!("a {noun} of this name is declared twice; the first one holds")));
    }
    to.insert(name, it);
    Ok(())
}

fn labels<const N: usize>(block: &Block) -> Result<[String; N], Failure> {
    let labels: Vec<_> = block.labels.iter().map(|label| label.text.clone()).collect();
    <[String; N]>::try_from(labels).map_err(|labels| {
        let message =
            format!("`{}` takes {N} label{}, not {}", block.kind, if N == 1 { "" } else { "s" }, labels.len());
        Failure::new(block.header, message)
    })
}

/// Takes the argument `name` out of `body`.
fn take(body: &mut Body, name: &str) -> Option<Attribute> {
    let at = body.attributes.iter().position(|it| it.name == name)?;
    Some(body.attributes.remove(at))
}

fn is_true(body: &Body, name: &str) -> bool {
    flag(body, name) == Some(true)
}

fn flag(body: &Body, name: &str) -> Option<bool> {
    let attribute = body.attributes.iter().find(|it| it.name == name)?;
    literal::flag(&attribute.value)
}

impl Variable {
    fn read(mut block: Block, findings: &mut Vec<Finding>) -> Self {
        let written = take(&mut block.body, "type");
        let constraint = written.as_ref().map_or_else(|| Ok(Constraint::any()), |it| Constraint::read(&it.value));
        let constraint = constraint.unwrap_or_else(|failure| {
            findings.push(evaluation_error(failure.span, failure.message));
            Constraint::any()
        });
        Self {
            header: block.header,
            is_literal: written.is_none() || constraint.is_primitive(),
            constraint,
            is_nullable: flag(&block.body, "nullable") != Some(false),
            is_sensitive: is_true(&block.body, "sensitive") || is_true(&block.body, "ephemeral"),
            default: take(&mut block.body, "default").map(|it| it.value),
        }
    }
}

impl Output {
    fn read(mut block: Block) -> Self {
        Self {
            header: block.header,
            is_sensitive: is_true(&block.body, "sensitive") || is_true(&block.body, "ephemeral"),
            value: take(&mut block.body, "value").map(|it| it.value),
        }
    }
}

impl RepetitionArguments {
    fn take(body: &mut Body) -> Self {
        Self { count: take(body, "count").map(|it| it.value), for_each: take(body, "for_each").map(|it| it.value) }
    }
}

impl ModuleCall {
    fn read(mut block: Block) -> Self {
        let repetition = RepetitionArguments::take(&mut block.body);
        let source = take(&mut block.body, "source");
        let source =
            source.map(|it| Source { address: literal::text(&it.value).map(str::to_owned), span: it.value.span });
        let providers = take(&mut block.body, "providers").map(|it| providers(&it.value)).unwrap_or_default();
        let arguments = block.body.attributes.into_iter().filter(|it| !CALL_ARGUMENTS.contains(&it.name.as_str()));
        Self {
            header: block.header,
            source,
            repetition,
            providers,
            arguments: arguments.map(|it| (it.name.clone(), it)).collect(),
        }
    }
}

impl Provider {
    fn read(name: String, mut block: Block) -> Self {
        let alias = take(&mut block.body, "alias").and_then(|it| literal::text(&it.value).map(str::to_owned));
        Self { name: ProviderName { name, alias }, region: take(&mut block.body, "region").map(|it| it.value) }
    }
}

impl ProviderName {
    /// The provider that a resource has where it names none: the first word of its type.
    pub(super) fn default_of(kind: &str) -> Self {
        Self { name: kind.split('_').next().unwrap_or(kind).to_owned(), alias: None }
    }
}

fn providers(value: &Expression) -> BTreeMap<ProviderName, ProviderName> {
    let ExpressionKind::Object(items) = &value.kind else { return BTreeMap::new() };
    let pairs = items.iter().filter_map(|item| {
        let key = match &item.key {
            ObjectKey::Name { name, .. } => ProviderName { name: name.clone(), alias: None },
            ObjectKey::Expression(key) => provider_name(key)?,
        };
        Some((key, provider_name(&item.value)?))
    });
    pairs.collect()
}

/// A provider as a resource or module call names it; also as text, which is how Terraform 0.11 and JSON write it.
fn provider_name(expression: &Expression) -> Option<ProviderName> {
    let expression = literal::bare(expression);
    let (name, alias) = match literal::attribute(expression) {
        Some((of, alias)) => (literal::word(of)?, Some(alias)),
        None => match literal::word(expression)?.split_once('.') {
            Some((name, alias)) => (name, Some(alias)),
            None => (literal::word(expression)?, None),
        },
    };
    Some(ProviderName { name: name.to_owned(), alias: alias.map(str::to_owned) })
}

/// As the root names it: `aws_vpc.main`, `data.aws_ami.this`.
impl fmt::Display for ResourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = match self.mode {
            BlockMode::Managed => "",
            BlockMode::Data => "data.",
            BlockMode::Ephemeral => "ephemeral.",
        };
        write!(f, "{before}{}.{}", self.kind, self.name)
    }
}
