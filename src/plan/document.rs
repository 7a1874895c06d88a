//! The whole document, walked over once: which resources it speaks of, and its configuration.

use std::{borrow::Cow, collections::BTreeMap};

use rustc_hash::FxHashSet;

use super::{Configuration, Document, Error, Head, Plan, Relevant, Variable};
use crate::{
    parallel::{self, Coming},
    resource::Action,
    source::SourceId,
    syntax::json::{Broken, Cursor, Passing},
};

/// As deep as modules may be nested, and values in values.
pub(super) const DEEPEST: usize = 127;

/// A document from so many bytes on is worth two threads.
const LARGE: usize = 4 << 20;

/// A document of fewer bytes is held to JSON's grammar to the last byte. Of a longer one, which a program has written, only
/// what is read is, and of the rest that its brackets and quotes are paired: it was not cut short.
const CHECKED: usize = 1 << 20;

/// How many heads tell how long the others will be.
const SAMPLE: usize = 256;

/// What stands at the top of a document.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is the presence of one key, or what the document says so")]
struct Root<'a> {
    format_version: Option<Cow<'a, str>>,
    has_planned_values: bool,
    resource_changes: Option<Vec<Head<'a>>>,
    prior_state: Option<Vec<Head<'a>>>,
    values: Option<Vec<Head<'a>>>,
    configuration: Option<Configuration<'a>>,
    variables: Option<&'a str>,
    relevant_attributes: Option<&'a str>,
    errored: bool,
    complete: Option<bool>,
    /// Only a raw state file has this at its top.
    has_lineage: bool,
    has_log_level: bool,
}

/// Indexes the JSON `text` of `source`.
pub(super) fn read(source: SourceId, text: &str) -> Result<Plan<'_>, Error> {
    if text.trim().is_empty() {
        return Err(Error::Empty);
    }
    let root = Root::of(text).map_err(|Broken| Error::of_text(text))?;
    if root.has_log_level {
        return Err(Error::Log);
    }
    if root.has_lineage {
        return Err(Error::RawState);
    }
    let document = root.document().ok_or(Error::OtherJson)?;
    if let Some(version) = &root.format_version
        && !matches!(version.split('.').next(), Some("0" | "1"))
    {
        return Err(Error::Version(version.clone().into_owned()));
    }
    let configuration = root.configuration.unwrap_or_default();
    let mut heads = match document {
        Document::Plan => root.resource_changes.unwrap_or_default(),
        Document::State => root.values.unwrap_or_default(),
    };
    let mut prior = root.prior_state.unwrap_or_default();
    let mentioned: FxHashSet<&str> = heads.iter().map(|head| head.address.as_str()).collect();
    prior.retain(|head| !head.deposed && !mentioned.contains(head.address.as_str()));
    prior.shrink_to_fit();
    configuration.place(heads.iter_mut().chain(&mut prior));
    Ok(Plan {
        source,
        text,
        document,
        errored: root.errored,
        is_complete: root.complete.unwrap_or(true) && !root.errored,
        heads,
        prior,
        configuration,
        variables: variables(text, root.variables)?,
        relevant: relevant(text, root.relevant_attributes)?,
    })
}

fn variables(text: &str, raw: Option<&str>) -> Result<BTreeMap<String, Variable>, Error> {
    let Some(raw) = raw else { return Ok(BTreeMap::new()) };
    serde_json::from_str(raw).map_err(|error| Error::of_part(text, raw, &error))
}

fn relevant(text: &str, raw: Option<&str>) -> Result<Option<Relevant>, Error> {
    let read = raw.map(|raw| serde_json::from_str(raw).map_err(|error| Error::of_part(text, raw, &error)));
    read.transpose()
}

/// The resource changes, read before it is known that what stands there are those of the document.
struct Ahead<'a> {
    /// Where in the text they begin.
    start: usize,
    heads: Vec<Head<'a>>,
}

impl<'a> Ahead<'a> {
    /// What stands under the first key of this name. Somewhere below the top it may be another's.
    fn read(text: &'a str, document: &Cursor<'a>) -> Option<Self> {
        const KEY: &str = "\"resource_changes\":";
        let start = memchr::memmem::find(text.as_bytes(), KEY.as_bytes())? + KEY.len();
        let mut cursor = document.clone().moved(start);
        let start = cursor.start();
        let heads = changes(&mut cursor).ok()?;
        Some(Self { start, heads })
    }
}

/// Where parts of a document stand that are read once all the rest is.
#[derive(Default)]
struct Later {
    resource_changes: Option<usize>,
    prior_state: Option<usize>,
}

impl<'a> Root<'a> {
    fn of(text: &'a str) -> Result<Self, Broken> {
        let passing = if text.len() < CHECKED { Passing::Checked } else { Passing::Unread };
        let cursor = Cursor::new(text).passing(passing);
        if text.len() < LARGE {
            return Self::read(&cursor, None);
        }
        // The resource changes depend on nothing that comes before or after them.
        parallel::ahead(|| Ahead::read(text, &cursor), |ahead| Self::read(&cursor, ahead))
    }

    /// Reads the document. `ahead` gives what is being read of it meanwhile.
    fn read(document: &Cursor<'a>, ahead: Option<Coming<'_, Option<Ahead<'a>>>>) -> Result<Self, Broken> {
        let mut root = Self::default();
        let mut later = Later::default();
        let cursor = &mut document.clone();
        cursor.map(|cursor, key| {
            if cursor.peek() == b'n' {
                return cursor.skip();
            }
            match key.as_ref() {
                "format_version" => root.format_version = cursor.maybe_text()?,
                "planned_values" => {
                    root.has_planned_values = true;
                    cursor.skip()?;
                }
                "resource_changes" if ahead.is_some() => {
                    later.resource_changes = Some(cursor.start());
                    cursor.skip()?;
                }
                "resource_changes" => root.resource_changes = Some(changes(cursor)?),
                "prior_state" if later.resource_changes.is_some() => {
                    later.prior_state = Some(cursor.start());
                    cursor.skip()?;
                }
                "prior_state" => root.read_prior_state(cursor)?,
                "values" => root.values = Some(state_values(cursor, &FxHashSet::default())?),
                "configuration" => root.configuration = Some(Configuration::read(cursor)?),
                "variables" => root.variables = Some(cursor.raw()?),
                "relevant_attributes" => root.relevant_attributes = Some(cursor.raw()?),
                "errored" => root.errored = cursor.raw()? == "true",
                "complete" => root.complete = Some(cursor.raw()? == "true"),
                "lineage" => {
                    root.has_lineage = true;
                    cursor.skip()?;
                }
                "@level" => {
                    root.has_log_level = true;
                    cursor.skip()?;
                }
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        if !cursor.is_at_end() {
            return Err(Broken);
        }
        if let (Some(start), Some(ahead)) = (later.resource_changes, ahead) {
            root.resource_changes = Some(match ahead() {
                Some(ahead) if ahead.start == start => ahead.heads,
                Some(_) | None => changes(&mut document.clone().moved(start))?,
            });
        }
        if let Some(start) = later.prior_state {
            root.read_prior_state(&mut document.clone().moved(start))?;
        }
        Ok(root)
    }

    /// Reads the state that stands here, but for what stands in the changes too: most of it, where they were read before.
    fn read_prior_state(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Broken> {
        let changes = self.resource_changes.iter().flatten();
        let mentioned: FxHashSet<&str> = changes.map(|head| head.address.as_str()).collect();
        self.prior_state = Some(state(cursor, &mentioned)?);
        Ok(())
    }

    fn document(&self) -> Option<Document> {
        let plan = self.has_planned_values
            || self.resource_changes.is_some()
            || self.configuration.is_some()
            || self.prior_state.is_some();
        match (plan, &self.values, &self.format_version) {
            (true, _, _) => Some(Document::Plan),
            // `terraform show -json` of an empty state gives a version and nothing else.
            (false, Some(_), _) | (false, None, Some(_)) => Some(Document::State),
            (false, None, None) => None,
        }
    }
}

fn changes<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<Head<'a>>, Broken> {
    let mut heads = Vec::new();
    let start = cursor.start();
    cursor.list(|cursor| {
        heads.extend(Head::read(cursor, None, |_| true)?);
        if heads.len() == SAMPLE {
            let length = (cursor.start() - start).div_ceil(SAMPLE);
            heads.reserve_exact(cursor.left() / length);
        }
        Ok(())
    })?;
    Ok(heads)
}

/// The resources of the state that stands here, under `values`, but for those at these addresses.
fn state<'a>(cursor: &mut Cursor<'a>, but: &FxHashSet<&str>) -> Result<Vec<Head<'a>>, Broken> {
    let mut heads = Vec::new();
    cursor.map(|cursor, key| {
        if key == "values" {
            heads = state_values(cursor, but)?;
            Ok(())
        } else {
            cursor.skip()
        }
    })?;
    Ok(heads)
}

fn state_values<'a>(cursor: &mut Cursor<'a>, but: &FxHashSet<&str>) -> Result<Vec<Head<'a>>, Broken> {
    let mut heads = Vec::new();
    cursor.maybe_map(
        |cursor, key| {
            if key == "root_module" { state_module(cursor, 0, but, &mut heads) } else { cursor.skip() }
        },
    )?;
    Ok(heads)
}

/// The resources of a state's module and of those below it.
fn state_module<'a>(
    cursor: &mut Cursor<'a>,
    depth: usize,
    but: &FxHashSet<&str>,
    heads: &mut Vec<Head<'a>>,
) -> Result<(), Broken> {
    if DEEPEST < depth {
        return Err(Broken);
    }
    let mut children = Vec::new();
    cursor.maybe_map(|cursor, key| match key.as_ref() {
        "resources" => cursor.list(|cursor| {
            heads.extend(Head::read(cursor, Some(Action::NoOp), |address| !but.contains(address))?);
            Ok(())
        }),
        // A module's own resources come before those of the modules in it, wherever they are written.
        "child_modules" => cursor.list(|cursor| state_module(cursor, depth + 1, but, &mut children)),
        _ => cursor.skip(),
    })?;
    heads.append(&mut children);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{plan::Wanted, resource::Resource, source::SourceMap};

    const PLAN: &str = include_str!("../../testdata/scenarios/story_1_before/plan.json");

    /// What a document tells of its resources; `None`: it cannot be read.
    fn resources(text: &str) -> Option<Vec<String>> {
        let mut sources = SourceMap::default();
        let source = sources.add("plan.json", text).ok()?;
        let plan = super::read(source, text).ok()?;
        let shown = |it: &Resource| format!("{} {:?} {:?}", it.address, it.action, it.body);
        let after = plan.facts().ok()?.map(|(address, body)| format!("{address} {body:?}"));
        Some(after.chain(plan.before(Wanted::Everything).ok()?.iter().map(shown)).collect())
    }

    #[test]
    fn a_long_document_tells_what_a_short_one_does() {
        let long = format!("{PLAN}{}", " ".repeat(LARGE));
        assert!(PLAN.len() < CHECKED);
        assert!(resources(PLAN).is_some_and(|it| 10 < it.len()));
        assert_eq!(resources(&long), resources(PLAN));
    }

    #[test]
    fn a_long_document_that_is_cut_short_is_no_document() {
        let blanks = " ".repeat(CHECKED);
        let long = PLAN.replacen('{', &format!("{{{blanks}"), 1);
        assert!(resources(&long).is_some());
        for end in (blanks.len()..long.trim_end().len()).step_by(4_999).filter(|&at| long.is_char_boundary(at)) {
            assert_eq!(resources(&long[..end]), None, "{end}");
        }
    }

    #[test]
    fn what_is_read_of_a_long_document_is_held_to_the_grammar() {
        let blanks = " ".repeat(CHECKED);
        for wrong in [r#""resource_changes" []"#, r#""resource_changes": [{"address": }]"#, r#""format_version": 1."#] {
            assert_eq!(resources(&format!("{{{wrong}{blanks}}}")), None, "{wrong}");
        }
    }
}
