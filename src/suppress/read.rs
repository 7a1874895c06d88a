//! Where allowances stand in code and templates, and how far each reaches.

use std::ops::RangeInclusive;

use super::{Allowance, Said};
use crate::{
    cloudformation, rules,
    source::{SourceId, SourceMap, Span},
    syntax::{
        Body, hcl, json,
        yaml::{self, Node, NodeKind},
    },
    terraform,
};

const MARK: &str = "iac-check:";

/// Larger templates are not read.
const MOST_BYTES: usize = 16 << 20;

/// Something that an allowance can stand before or in: a block, or a key and its value.
#[derive(Clone, Copy)]
struct Item {
    /// Where it begins, and where what is in it may begin.
    start: u32,
    open: u32,
    /// Where the first thing in it begins; its end where nothing is in it.
    first: u32,
    end: u32,
}

/// A file as far as allowances go.
#[derive(Default)]
struct Outline {
    items: Vec<Item>,
    comments: Vec<Span>,
    /// Where the first thing that is no comment begins.
    first: Option<u32>,
}

/// The allowances of one file, which may be of any kind.
pub(super) fn allowances(sources: &SourceMap, source: SourceId) -> Vec<Allowance> {
    let (path, text) = (sources.path(source), sources.whole(source));
    if terraform::is_code(path) {
        let parsed = hcl::parse(source, text);
        let mut outline =
            Outline { comments: parsed.comments.iter().map(|it| it.span).collect(), ..Outline::default() };
        outline.add_blocks(&parsed.body);
        return outline.allowances(sources, source);
    }
    if MOST_BYTES < text.len() || !cloudformation::may_be_template(text.as_bytes()) {
        return Vec::new();
    }
    let (root, comments) = if text.trim_start().starts_with('{') {
        (Node::from(json::parse(source, text).0), Vec::new())
    } else {
        let document = yaml::parse(source, text);
        (document.root, document.comments)
    };
    let mut outline = Outline { comments, ..Outline::default() };
    outline.add_entries(&root);
    let mut allowances = outline.allowances(sources, source);
    allowances.extend(of_metadata(sources, &root, 1..=u32::MAX));
    for (key, resource) in root.get("Resources").map_or(&[][..], Node::entries) {
        let lines = line(sources, source, key.span.start)..=last_line(sources, source, resource.span.end);
        allowances.extend(of_metadata(sources, resource, lines));
    }
    allowances
}

impl Outline {
    fn add_blocks(&mut self, body: &Body) {
        let first_in = |body: &Body| {
            let names = body.attributes.iter().map(|it| it.name_span.start);
            names.chain(body.blocks.iter().map(|it| it.header.start)).min()
        };
        self.first = first_in(body);
        let mut open = vec![body];
        while let Some(body) = open.pop() {
            for block in &body.blocks {
                let first = first_in(&block.body).unwrap_or(block.span.end);
                let (start, end) = (block.header.start, block.span.end);
                self.items.push(Item { start, open: block.header.end, first, end });
                open.push(&block.body);
            }
        }
        self.items.sort_by_key(|it| it.start);
    }

    /// The resources of a template and what is in them. Only a resource is a block to stand in: elsewhere a comment
    /// before the first key speaks of that key.
    fn add_entries(&mut self, root: &Node) {
        self.first = root.entries().first().map(|(key, _)| key.span.start);
        let resources = root.get("Resources").map_or(&[][..], Node::entries);
        let mut open: Vec<&Node> = Vec::new();
        for (key, resource) in resources {
            let first = resource.entries().first().map_or(resource.span.start, |(key, _)| key.span.start);
            self.items.push(Item { start: key.span.start, open: key.span.end, first, end: resource.span.end });
            open.push(resource);
        }
        while let Some(node) = open.pop() {
            for (key, value) in node.entries() {
                let first = key.span.end;
                self.items.push(Item { start: key.span.start, open: key.span.end, first, end: value.span.end });
                open.push(value);
            }
            if let NodeKind::List(items) = &node.kind {
                open.extend(items);
            }
        }
        self.items.sort_by_key(|it| it.start);
    }

    fn allowances(&self, sources: &SourceMap, source: SourceId) -> Vec<Allowance> {
        let mut found = Vec::new();
        let next_code = self.next_code(sources.whole(source));
        // The items that begin before a comment and have not ended, the innermost last.
        let mut around: Vec<&Item> = Vec::new();
        let mut items = self.items.iter().peekable();
        for (comment, next_code) in self.comments.iter().zip(next_code) {
            while let Some(item) = items.next_if(|it| it.start < comment.start) {
                around.push(item);
            }
            while around.pop_if(|it| it.end <= comment.start).is_some() {}
            let next = NextTo { around: &around, following: items.peek().copied(), code: next_code };
            let Some(words) = words(sources.text(*comment)) else { continue };
            let (is_file, said) = said(words);
            let is_late = self.first.is_some_and(|first| first < comment.start);
            let lines = if is_file { 1..=u32::MAX } else { lines(sources, source, *comment, &next) };
            let said = match said {
                Ok(_) if is_file && is_late => Err("`allow-file` stands before everything else in its file".to_owned()),
                said => said,
            };
            found.push(Allowance { span: *comment, said, lines });
        }
        found
    }

    /// Where the first thing after each comment begins that is no comment.
    fn next_code(&self, text: &str) -> Vec<u32> {
        let mut found = vec![0; self.comments.len()];
        let mut following: Option<(usize, u32)> = None;
        for (at, comment) in self.comments.iter().enumerate().rev() {
            let end = comment.bytes().end;
            let next = end + text[end..].len() - text[end..].trim_start().len();
            found[at] = match following {
                Some((start, code)) if start == next => code,
                Some(_) | None => u32::try_from(next).unwrap_or(u32::MAX),
            };
            following = Some((comment.bytes().start, found[at]));
        }
        found
    }
}

/// What stands around a comment and after it.
struct NextTo<'a> {
    /// The items that it stands in, the innermost last; some of them may begin to be open only after it.
    around: &'a [&'a Item],
    /// The first item that begins after it.
    following: Option<&'a Item>,
    /// Where the first thing after it begins that is no comment.
    code: u32,
}

/// The lines that a comment speaks of.
fn lines(sources: &SourceMap, source: SourceId, comment: Span, next: &NextTo<'_>) -> RangeInclusive<u32> {
    let whole = |it: &Item| line(sources, source, it.start)..=last_line(sources, source, it.end);
    // The innermost that begins before the comment: what is in it begins after.
    let around = next.around.iter().rev().find(|it| it.open <= comment.start && comment.start < it.end);
    if let Some(item) = around.filter(|it| comment.start < it.first) {
        return whole(item);
    }
    let own = line(sources, source, comment.start);
    let text = sources.whole(source);
    let row = sources.line(source, comment.start);
    if !text[row.start..comment.bytes().start].trim().is_empty() {
        return own..=own;
    }
    let next_line = line(sources, source, next.code);
    match next.following.filter(|it| line(sources, source, it.start) == next_line) {
        Some(item) => whole(item),
        None => next_line..=next_line,
    }
}

/// What a comment says after our mark; `None`: it is not for us.
fn words(comment: &str) -> Option<&str> {
    let inner = comment.strip_prefix("/*").and_then(|it| it.strip_suffix("*/"));
    let inner = inner.unwrap_or_else(|| comment.trim_start_matches(['#', '/']));
    Some(inner.trim().strip_prefix(MARK)?.trim())
}

/// Whether it is said of the whole file, and what is said.
fn said(words: &str) -> (bool, Result<Said, String>) {
    let (is_file, rest) = match words.strip_prefix("allow-file") {
        Some(rest) => (true, rest),
        None => (false, words.strip_prefix("allow").unwrap_or_default()),
    };
    let Some((names, after)) = rest.trim_start().strip_prefix('(').and_then(|it| it.split_once(')')) else {
        return (is_file, Err("it says neither `allow(RULE)` nor `allow-file(RULE)`".to_owned()));
    };
    let because = after.trim_start().strip_prefix("because ").map(str::trim).filter(|it| !it.is_empty());
    let names = names.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
    (is_file, checked(names.collect(), because))
}

fn checked(rules: Vec<String>, because: Option<&str>) -> Result<Said, String> {
    if rules.is_empty() {
        return Err("it names no rule".to_owned());
    }
    if let Some(unknown) = rules.iter().find(|name| rules::find(name).is_none()) {
        return Err(format!("there is no rule `{unknown}`"));
    }
    match because {
        Some(because) => Ok(Said { rules, because: because.to_owned() }),
        None => Err("it gives no reason; write `because …` after it".to_owned()),
    }
}

/// `Metadata: {iac-check: {allow: [{rule: …, because: …}]}}`.
fn of_metadata(sources: &SourceMap, node: &Node, lines: RangeInclusive<u32>) -> Vec<Allowance> {
    let ours = node.get("Metadata").and_then(|it| it.get("iac-check")).and_then(|it| it.get("allow"));
    let Some(NodeKind::List(entries)) = ours.map(|it| &it.kind) else { return Vec::new() };
    let allowance = |entry: &Node| {
        let text = |key: &str| entry.get(key).and_then(Node::text).map(str::trim).filter(|it| !it.is_empty());
        let said = checked(text("rule").map(str::to_owned).into_iter().collect(), text("because"));
        // An entry of YAML begins with its first key.
        let start = entry.entries().first().map_or(entry.span.start, |(key, _)| key.span.start);
        let line = sources.line(entry.span.source, start);
        let end = entry.span.bytes().end.min(line.end).max(start as usize);
        Allowance { span: entry.span.source.span(start as usize..end), said, lines: lines.clone() }
    };
    entries.iter().map(allowance).collect()
}

fn line(sources: &SourceMap, source: SourceId, offset: u32) -> u32 {
    sources.place(source.span(offset as usize..offset as usize)).start.line.get()
}

/// The line that something ends on. What ends at the beginning of a line ends on the one before.
fn last_line(sources: &SourceMap, source: SourceId, end: u32) -> u32 {
    line(sources, source, end.saturating_sub(1))
}
