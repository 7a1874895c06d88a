//! The files of one module's folder: which of them count, and how overrides are laid over the others
//! (<https://developer.hashicorp.com/terraform/language/files/override>).

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::{
    Comment,
    configuration::Configuration,
    literal, path,
    trouble::{Failure, evaluation_error, syntax_error},
};
use crate::{
    files::{Files, decode},
    finding::Finding,
    source::{SourceMap, Span},
    syntax::{self, Attribute, Block, Body, Parsed, SyntaxError, json::Node},
};

/// What reading gathers, whatever the folder.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub findings: Vec<Finding>,
    pub comments: Vec<Comment>,
    /// Links to code that are not followed, because they lead out of what is analysed.
    pub unfollowed: Vec<String>,
}

/// The kinds of file that a module is made of, and what each is written in. OpenTofu's replace Terraform's of one name.
const EXTENSIONS: [(&str, Form); 4] =
    [(".tofu.json", Form::Json), (".tofu", Form::Hcl), (".tf.json", Form::Json), (".tf", Form::Hcl)];

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Hcl,
    Json,
    /// Values of variables, any of which may be secret.
    HclValues,
    /// The same as JSON, whose strings stand for themselves.
    JsonValues,
}

/// What every comment that speaks to this program starts with.
const ADDRESSED: &str = "iac-check:";

/// Reads the module in `folder`. Links are followed to what lies below `within`.
pub(super) fn read(
    files: &dyn Files,
    sources: &mut SourceMap,
    folder: &str,
    within: &str,
    gathered: &mut Gathered,
) -> Configuration {
    let names = files.list(folder, within);
    let mut body = Body::default();
    let mut overrides = Vec::new();
    for (name, form) in counting(&names) {
        let Some(parsed) = parse(files, sources, &path::join(folder, name), form, gathered) else { continue };
        if is_override(name) {
            overrides.push(parsed.body);
        } else {
            body.attributes.extend(parsed.body.attributes);
            body.blocks.extend(parsed.body.blocks);
        }
    }
    if !overrides.is_empty() {
        body = overridden(body, overrides, &mut gathered.findings);
    }
    let mut configuration = Configuration::of(body, &mut gathered.findings);
    let links = files.links_out(folder, within);
    let links: Vec<_> = counting(&links).map(|(name, _)| path::join(folder, name)).collect();
    configuration.is_partial = !links.is_empty();
    gathered.unfollowed.extend(links);
    configuration
}

/// Whether there is code of Terraform's among `names`.
pub(super) fn has_code(names: &[String]) -> bool {
    counting(names).next().is_some()
}

/// The files that count, and what they are written in.
pub(super) fn counting(names: &[String]) -> impl Iterator<Item = (&str, Form)> {
    names.iter().filter_map(|name| {
        let (stem, extension, form) = stem(name)?;
        let tofu = extension.replace(".tf", ".tofu");
        let is_replaced = tofu != extension && names.binary_search(&format!("{stem}{tofu}")).is_ok();
        let is_scratch = name.starts_with(['.', '#']) || name.ends_with('~');
        (!is_replaced && !is_scratch).then_some((name.as_str(), form))
    })
}

fn stem(name: &str) -> Option<(&str, &'static str, Form)> {
    EXTENSIONS.iter().find_map(|&(extension, form)| Some((name.strip_suffix(extension)?, extension, form)))
}

fn is_override(name: &str) -> bool {
    stem(name).is_some_and(|(stem, ..)| stem == "override" || stem.ends_with("_override"))
}

/// Reads and parses a file; what is wrong with it is told.
pub(super) fn parse(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: &str,
    form: Form,
    gathered: &mut Gathered,
) -> Option<Parsed> {
    let text = files
        .read(path)
        .map_err(|error| error.to_string())
        .and_then(|bytes| decode(bytes).map_err(|error| format!("this file {error}")));
    let (text, error) = match text {
        Ok(text) => (text, None),
        Err(error) => (String::new(), Some(error)),
    };
    let Ok(source) = sources.add(path, text) else {
        let source = sources.add(path, "").ok()?;
        gathered.findings.push(syntax_error(source.span(0..0), "this file is larger than 4 GiB, which is not read"));
        return None;
    };
    if let Some(error) = error {
        gathered.findings.push(syntax_error(source.span(0..0), error));
        return None;
    }
    if matches!(form, Form::HclValues | Form::JsonValues) {
        sources.conceal(source);
    }
    let text = sources.whole(source);
    let mut parsed = match form {
        Form::Hcl | Form::HclValues => syntax::hcl::parse(source, text),
        Form::Json => json(syntax::json::parse(source, text), syntax::json::body),
        Form::JsonValues => json(syntax::json::parse(source, text), syntax::json::values),
    };
    gathered.findings.extend(parsed.errors.drain(..).map(|error| syntax_error(error.span, error.message)));
    conceal_defaults(sources, &parsed.body);
    let comments = parsed.comments.iter().filter_map(|comment| addressed(sources, comment.span));
    gathered.comments.extend(comments);
    Some(parsed)
}

/// The default of a sensitive variable is as secret as what it is given, and so is what a sensitive output writes out.
fn conceal_defaults(sources: &mut SourceMap, body: &Body) {
    for block in &body.blocks {
        let attribute = |name: &str| block.body.attributes.iter().find(|it| it.name == name).map(|it| &it.value);
        let is_true = |name: &str| attribute(name).and_then(literal::flag) == Some(true);
        let secret = match block.kind.as_str() {
            "variable" => attribute("default"),
            "output" => attribute("value").filter(|it| sources.text(it.span).starts_with(['"', '<'])),
            _ => None,
        };
        if let Some(secret) = secret
            && (is_true("sensitive") || is_true("ephemeral"))
        {
            sources.conceal_text(secret.span);
        }
    }
}

/// A document of JSON as a tree of HCL.
fn json((document, errors): (Node, Vec<SyntaxError>), read: fn(&Node) -> (Body, Vec<SyntaxError>)) -> Parsed {
    let (body, more) = read(&document);
    Parsed { body, comments: Vec::new(), errors: errors.into_iter().chain(more).collect() }
}

/// The comment at `span`, where it speaks to this program.
fn addressed(sources: &SourceMap, span: Span) -> Option<Comment> {
    let text = sources.text(span);
    let inside = text.trim_start_matches(['#', '/', '*']).trim_end_matches("*/").trim();
    inside.starts_with(ADDRESSED).then(|| Comment { span, text: inside.to_owned() })
}

// Overrides -----------------------------------------------------------------------------------------------------------

/// `body` with the override files laid over it, one after the other.
fn overridden(body: Body, overrides: Vec<Body>, findings: &mut Vec<Finding>) -> Body {
    let mut base = Base::of(body);
    for block in overrides.into_iter().flat_map(|it| it.blocks) {
        if let Err(failure) = base.lay_over(block) {
            findings.push(evaluation_error(failure.span, failure.message));
        }
    }
    base.body
}

/// What the files that are no overrides say, and where each thing stands that an override may name: the first of its
/// name.
struct Base {
    body: Body,
    blocks: FxHashMap<BlockName, usize>,
    /// The block of `locals`, and the place in it.
    locals: FxHashMap<String, (usize, usize)>,
}

/// The kind of a block, its labels, and the alias of a provider.
type BlockName = (String, Vec<String>, Option<String>);

impl Base {
    fn of(body: Body) -> Self {
        let mut this = Self { body: Body::default(), blocks: FxHashMap::default(), locals: FxHashMap::default() };
        this.body.attributes = body.attributes;
        for block in body.blocks {
            this.push(block);
        }
        this
    }

    fn push(&mut self, block: Block) {
        let at = self.body.blocks.len();
        if block.kind == "locals" {
            for (place, attribute) in block.body.attributes.iter().enumerate() {
                self.locals.entry(attribute.name.clone()).or_insert((at, place));
            }
        }
        self.blocks.entry(block_name(&block)).or_insert(at);
        self.body.blocks.push(block);
    }

    /// Lays a block of an override file over what the other files say.
    fn lay_over(&mut self, over: Block) -> Result<(), Failure> {
        match over.kind.as_str() {
            "locals" => {
                self.lay_over_locals(over);
                Ok(())
            }
            // Each is by itself; Terraform's own settings say nothing of any value.
            "terraform" | "moved" | "import" | "removed" | "check" => Ok(()),
            _ => match self.blocks.get(&block_name(&over)) {
                Some(&at) => {
                    merge(&mut self.body.blocks[at].body, over.body);
                    Ok(())
                }
                None if over.kind == "provider" => {
                    self.push(over);
                    Ok(())
                }
                None => {
                    let message = format!("an override of a `{}` that no other file declares", over.kind);
                    Err(Failure::new(over.header, message))
                }
            },
        }
    }

    fn lay_over_locals(&mut self, over: Block) {
        let mut left = Vec::new();
        for attribute in over.body.attributes {
            match self.locals.get(&attribute.name) {
                Some(&(block, place)) => self.body.blocks[block].body.attributes[place] = attribute,
                None => left.push(attribute),
            }
        }
        self.push(Block { body: Body { attributes: left, ..Body::default() }, ..over });
    }
}

fn block_name(block: &Block) -> BlockName {
    let labels = block.labels.iter().map(|it| it.text.clone()).collect();
    let alias = alias(&block.body).filter(|_| block.kind == "provider").map(str::to_owned);
    (block.kind.clone(), labels, alias)
}

fn alias(body: &Body) -> Option<&str> {
    let alias = body.attributes.iter().find(|it| it.name == "alias")?;
    literal::text(&alias.value)
}

/// Arguments replace those of their name; blocks replace all of their kind, those made by `dynamic` among them.
fn merge(base: &mut Body, over: Body) {
    let kind_of = |block: &Block| match (block.kind.as_str(), block.labels.first()) {
        ("dynamic", Some(label)) => label.text.clone(),
        _ => block.kind.clone(),
    };
    // From the last one on: what comes later holds.
    let mut replaced: BTreeSet<String> = BTreeSet::new();
    let mut attributes = Vec::with_capacity(over.attributes.len());
    for attribute in over.attributes.into_iter().rev() {
        if replaced.contains(&attribute.name) {
            continue;
        }
        // `count` takes the place of `for_each`, and the reverse.
        let rival = match attribute.name.as_str() {
            "count" => Some("for_each"),
            "for_each" => Some("count"),
            _ => None,
        };
        replaced.extend(rival.map(str::to_owned));
        replaced.insert(attribute.name.clone());
        attributes.push(attribute);
    }
    base.attributes.retain(|it: &Attribute| !replaced.contains(&it.name));
    base.attributes.extend(attributes.into_iter().rev());
    let kinds: BTreeSet<_> = over.blocks.iter().map(kind_of).collect();
    base.blocks.retain(|it| !kinds.contains(&kind_of(it)));
    base.blocks.extend(over.blocks);
}
