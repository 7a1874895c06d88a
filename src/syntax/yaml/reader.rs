//! From the parser's events to the tree.

use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span as Place, Tag as ParsedTag};
use rustc_hash::FxHashMap;

use super::{
    Document, Key, Node, NodeKind, Tag,
    recovery::{Remains, Repair},
};
use crate::{
    source::{SourceId, Span},
    syntax::SyntaxError,
};

/// How deep a document may be, aliases followed: everything that walks over it walks over it in as many steps down.
const DEEPEST: usize = 250;

/// How many values aliases may stand for in all: each may name others that name others.
const MOST_COPIED: usize = 200_000;

/// After an error, what was open this deep or deeper is left out: half a thing would be taken for one that leaves the
/// other half out.
const KEPT_OPEN: usize = 2;

/// The only document of a text. What does not parse is left out, with the entry that it stands in.
pub fn parse(source: SourceId, text: &str) -> Document {
    let mut remains: Option<Remains> = None;
    let mut errors = Vec::new();
    loop {
        let mut reader = Reader { length: text.len(), ..Reader::of(source) };
        let refused = reader.read(remains.as_ref().map_or(text, Remains::text));
        let Some((kind, error)) = refused else {
            let is_whole = remains.is_none_or(|it| it.is_whole) && reader.is_whole;
            return reader.document(errors, is_whole);
        };
        let remains = remains.get_or_insert_with(|| Remains::of(text));
        match remains.repair(&kind, error.span.start as usize) {
            Repair::NoError => (),
            Repair::Done => errors.push(error),
            Repair::Impossible => {
                errors.push(error);
                return reader.document(errors, false);
            }
        }
    }
}

/// It keeps its own stack of what is open, so no depth of nesting can exhaust it.
struct Reader {
    source: SourceId,
    length: usize,
    open: Vec<Open>,
    /// What an alias stands for, how deep that is and of how many values it is made.
    anchors: FxHashMap<usize, (Node, usize, usize)>,
    copied: usize,
    root: Option<Node>,
    comments: Vec<Span>,
    errors: Vec<SyntaxError>,
    is_whole: bool,
}

/// A list or map that is not closed yet.
struct Open {
    start: usize,
    end: usize,
    tag: Option<Tag>,
    anchor: usize,
    content: Content,
    /// How deep what stands in it is, and of how many values it is made.
    depth: usize,
    size: usize,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<(Key, Node)>, places: FxHashMap<String, usize>, key: Option<Key>, merged: Vec<Node> },
}

/// A value that is complete, how deep it is, and of how many values it is made.
struct Complete {
    node: Node,
    anchor: usize,
    depth: usize,
    size: usize,
}

type Result<T> = std::result::Result<T, SyntaxError>;

impl Reader {
    fn of(source: SourceId) -> Self {
        Self {
            source,
            length: 0,
            open: Vec::new(),
            anchors: FxHashMap::default(),
            copied: 0,
            root: None,
            comments: Vec::new(),
            errors: Vec::new(),
            is_whole: true,
        }
    }

    /// Reads a document, or up to what the parser refuses.
    fn read(&mut self, text: &str) -> Option<(ErrorKind, SyntaxError)> {
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            max_buffered_comment_events: usize::MAX,
            flow_nesting_limit: DEEPEST,
            block_nesting_limit: DEEPEST,
        };
        for event in Parser::new_from_str_with_options(text, options) {
            let taken = match event {
                Ok((Event::DocumentStart(..), place)) if self.root.is_some() => {
                    Err(self.error(self.bytes(place), "expected a single document".to_owned()))
                }
                Ok((event, place)) => self.take(event, place),
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                    let is_deep = *error.kind() == ErrorKind::RecursionLimitExceeded;
                    let message = if is_deep { format!("expected at most {DEEPEST} levels") } else { error.info() };
                    return Some((error.kind().clone(), self.error(at..at, message)));
                }
            };
            if let Err(error) = taken {
                self.errors.push(error);
                self.is_whole = false;
                break;
            }
        }
        None
    }

    fn take(&mut self, event: Event<'_>, place: Place) -> Result<()> {
        let bytes = self.bytes(place);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = self.tag(tag.as_deref(), place);
                let start = tag.as_ref().map_or(bytes.start, |tag| tag.span.start as usize);
                let kind = scalar(&text, style, tag.as_ref());
                let tag = tag.filter(|it| !is_of_yaml(&it.name));
                let node = Node { kind, tag, span: self.source.span(start..bytes.end) };
                self.put(Complete { node, anchor, depth: 0, size: 1 })
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(bytes, anchor, tag.as_deref(), place, Content::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                let (entries, places) = (Vec::new(), FxHashMap::default());
                let content = Content::Map { entries, places, key: None, merged: Vec::new() };
                self.begin(bytes, anchor, tag.as_deref(), place, content)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                // A block ends where the next token stands; a flow collection at its bracket.
                let end = if bytes.is_empty() { None } else { Some(bytes.end) };
                match self.closed(end) {
                    Some(complete) => self.put(complete),
                    None => Ok(()),
                }
            }
            Event::Alias(anchor) => self.alias(anchor, bytes),
            Event::UnresolvedAlias(name) => Err(self.error(bytes, format!("nothing before is named &{name}"))),
            Event::Comment(..) => {
                self.comments.push(self.source.span(bytes));
                Ok(())
            }
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd | _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        bytes: Range<usize>,
        anchor: usize,
        tag: Option<&ParsedTag>,
        place: Place,
        content: Content,
    ) -> Result<()> {
        if DEEPEST <= self.open.len() {
            return Err(self.error(bytes, format!("expected at most {DEEPEST} levels")));
        }
        if self.is_at_key() {
            return Err(self.error(bytes, "expected a text as key".to_owned()));
        }
        let tag = self.tag(tag, place).filter(|it| !is_of_yaml(&it.name));
        let start = tag.as_ref().map_or(bytes.start, |tag| tag.span.start as usize);
        self.open.push(Open { start, end: bytes.start.max(start), tag, anchor, content, depth: 0, size: 1 });
        Ok(())
    }

    fn is_at_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }))
    }

    fn alias(&mut self, anchor: usize, bytes: Range<usize>) -> Result<()> {
        let Some((node, depth, size)) = self.anchors.get(&anchor) else {
            return Err(self.error(bytes, "an alias within what it names".to_owned()));
        };
        let (depth, size) = (*depth, *size);
        if MOST_COPIED < self.copied + size {
            return Err(self.error(bytes, format!("expected aliases for at most {MOST_COPIED} values")));
        }
        if DEEPEST <= self.open.len() + depth {
            return Err(self.error(bytes, format!("expected at most {DEEPEST} levels")));
        }
        self.copied += size;
        let node = node.clone();
        self.put(Complete { node, anchor: 0, depth, size })
    }

    /// Puts a value where it belongs.
    fn put(&mut self, complete: Complete) -> Result<()> {
        let Complete { node, anchor, depth, size } = complete;
        if anchor != 0 {
            self.copied += size;
            self.anchors.insert(anchor, (node.clone(), depth, size));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.depth = open.depth.max(depth + 1);
        open.size += size;
        if node.span.source == self.source && open.start <= node.span.start as usize {
            open.end = open.end.max(node.span.end as usize);
        }
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map { entries, places, key, merged } => match key.take() {
                None => {
                    let Some(text) = node.text() else {
                        let span = node.span;
                        return Err(SyntaxError { span, message: "expected a text as key".to_owned() });
                    };
                    *key = Some(Key { text: text.to_owned(), span: node.span });
                }
                Some(it) if it.text == "<<" => merged.push(node),
                Some(it) => {
                    if let Some(&at) = places.get(&it.text) {
                        let message = format!("expected the key {} once", it.text);
                        self.errors.push(SyntaxError { span: it.span, message });
                        entries[at] = (it, node);
                    } else {
                        places.insert(it.text.clone(), entries.len());
                        entries.push((it, node));
                    }
                }
            },
        }
        Ok(())
    }

    /// The innermost list or map that is open, closed at `end` or after what stands last in it.
    fn closed(&mut self, end: Option<usize>) -> Option<Complete> {
        let Open { start, end: last, tag, anchor, content, depth, size } = self.open.pop()?;
        let kind = match content {
            Content::List(items) => NodeKind::List(items),
            Content::Map { mut entries, mut places, merged, .. } => {
                for (key, node) in merged.into_iter().flat_map(brought) {
                    if !places.contains_key(&key.text) {
                        places.insert(key.text.clone(), entries.len());
                        entries.push((key, node));
                    }
                }
                NodeKind::Map(entries)
            }
        };
        let span = self.source.span(start..end.unwrap_or(last).max(start));
        Some(Complete { node: Node { kind, tag, span }, anchor, depth, size })
    }

    /// The document, or after an error what was complete, in those lists and maps around it that hold many things.
    fn document(mut self, mut errors: Vec<SyntaxError>, is_whole: bool) -> Document {
        if self.root.is_none() {
            self.open.truncate(KEPT_OPEN);
            while let Some(complete) = self.closed(None) {
                // A key without its value is none.
                if self.open.is_empty() {
                    self.root = Some(complete.node);
                } else if self.put(complete).is_err() {
                    break;
                }
            }
        }
        let end = self.length;
        let nothing = Node { kind: NodeKind::Null, tag: None, span: self.source.span(end..end) };
        errors.append(&mut self.errors);
        errors.sort_by_key(|it| it.span);
        Document { root: self.root.unwrap_or(nothing), is_whole, comments: self.comments, errors }
    }

    fn tag(&self, tag: Option<&ParsedTag>, place: Place) -> Option<Tag> {
        let tag = tag?;
        let span = place.tag_span().map_or_else(|| self.bytes(place), |it| self.bytes(it));
        let name = if tag.handle() == "!" { tag.suffix().to_owned() } else { tag.original() };
        Some(Tag { name, span: self.source.span(span) })
    }

    fn bytes(&self, place: Place) -> Range<usize> {
        let bytes = place.byte_range().unwrap_or(self.length..self.length);
        bytes.start.min(self.length)..bytes.end.min(self.length).max(bytes.start.min(self.length))
    }

    fn error(&self, bytes: Range<usize>, message: String) -> SyntaxError {
        SyntaxError { span: self.source.span(bytes), message }
    }
}

/// What a merge key brings in: the entries of a map, or of each map of a list.
fn brought(node: Node) -> Vec<(Key, Node)> {
    match node.kind {
        NodeKind::Map(entries) => entries,
        NodeKind::List(items) => items
            .into_iter()
            .flat_map(|item| match item.kind {
                NodeKind::Map(entries) => entries,
                NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::List(_) => {
                    Vec::new()
                }
            })
            .collect(),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => Vec::new(),
    }
}

/// Whether a tag is one of YAML's own: `!!str`.
fn is_of_yaml(name: &str) -> bool {
    name.is_empty() || name.starts_with("!!") || name.starts_with("tag:yaml.org,2002:")
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> NodeKind {
    let is_text = style != ScalarStyle::Plain || tag.is_some_and(|it| it.name.is_empty() || it.name.ends_with("str"));
    // What an intrinsic function is given is a text, however it looks.
    let is_given = tag.is_some_and(|it| !is_of_yaml(&it.name));
    if is_text || is_given { NodeKind::Text(text.to_owned()) } else { plain(text) }
}

/// What a word without quotes means.
fn plain(text: &str) -> NodeKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeKind::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => NodeKind::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => NodeKind::Bool(false),
        _ if is_number(text) => NodeKind::Number(text.to_owned()),
        _ => NodeKind::Text(text.to_owned()),
    }
}

/// Digits, perhaps with a sign and a point.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::source::SourceMap;

    fn read(text: &str) -> (String, Vec<String>) {
        let mut sources = SourceMap::default();
        let source = sources.add("template.yaml", text).unwrap();
        let document = parse(source, text);
        let errors = document.errors.iter();
        let errors = errors.map(|it| format!("{}..{} {}", it.span.start, it.span.end, it.message)).collect();
        (show(&document.root), errors)
    }

    fn show(node: &Node) -> String {
        let kind = match &node.kind {
            NodeKind::Null => "null".to_owned(),
            NodeKind::Bool(it) => it.to_string(),
            NodeKind::Number(it) => it.clone(),
            NodeKind::Text(it) => format!("{it:?}"),
            NodeKind::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",")),
            NodeKind::Map(entries) => {
                let entries = entries.iter().map(|(key, node)| format!("{}:{}", key.text, show(node)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }
        };
        node.tag.as_ref().map_or(kind.clone(), |tag| format!("!{} {kind}", tag.name))
    }

    fn good(text: &str) -> String {
        let (shown, errors) = read(text);
        assert_eq!(errors, Vec::<String>::new(), "{text}");
        shown
    }

    fn spans(node: &Node, text: &str, all: &mut Vec<String>) {
        all.push(text[node.span.bytes()].to_owned());
        for (key, node) in node.entries() {
            all.push(text[key.span.bytes()].to_owned());
            spans(node, text, all);
        }
        if let NodeKind::List(items) = &node.kind {
            for item in items {
                spans(item, text, all);
            }
        }
    }

    #[test]
    fn documents_are_read_whole() {
        assert_eq!(good("a: [1, -2.5, yes, ~, {}, []]\nb: '1'\n"), r#"{a:[1,-2.5,true,null,{},[]],b:"1"}"#);
        assert_eq!(good("a: 012345678901\nb: 2010-09-09\n"), r#"{a:012345678901,b:"2010-09-09"}"#);
        assert_eq!(good("a: |\n  x\n  y\nb: >-\n  x\n  y\n"), r#"{a:"x\ny\n",b:"x y"}"#);
        assert_eq!(good("a:\n    b: 'x\n  y\n z'\n    c: 1\n"), r#"{a:{b:"x   y  z",c:1}}"#);
        assert_eq!(good("\u{feff}a: 1\n"), "{a:1}");
        assert_eq!(good("---\na: 1\n...\n"), "{a:1}");
    }

    #[test]
    fn tags_are_kept() {
        assert_eq!(good("a: !Ref 1\nb: !!str 1\n"), r#"{a:!Ref "1",b:"1"}"#);
        assert_eq!(
            good("a: !Select [0, !GetAZs '']\nb: !Sub\n  - ${x}\n  - x: 1\n"),
            r#"{a:!Select [0,!GetAZs ""],b:!Sub ["${x}",{x:1}]}"#
        );
    }

    #[test]
    fn anchors_and_merge_keys_are_resolved() {
        assert_eq!(good("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: [*a]\n"), "{a:{x:1,y:2},b:{y:3,x:1},c:[{x:1,y:2}]}");
        assert_eq!(good("a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc: {<<: [*a, *b]}\n"), "{a:{x:1},b:{x:2,z:3},c:{x:1,z:3}}");
    }

    #[test]
    fn everything_has_its_place() {
        let text = "a:\n  b: !Ref x\n  c:\n    - 'é'\n    - {d: 1}\n# end\ne: 1\n";
        let mut sources = SourceMap::default();
        let source = sources.add("template.yaml", text).unwrap();
        let mut all = Vec::new();
        spans(&parse(source, text).root, text, &mut all);
        let inner = "b: !Ref x\n  c:\n    - 'é'\n    - {d: 1}";
        assert_eq!(all[1..7], ["a", inner, "b", "!Ref x", "c", "- 'é'\n    - {d: 1}"]);
        assert_eq!(all[7..], ["'é'", "{d: 1}", "d", "1", "e", "1"]);
    }

    #[test]
    fn what_is_complete_outlives_an_error() {
        let (shown, errors) = read("R:\n  a: {x: 1}\n  b:\n    x: [1\n    y: 2\n  c: {x: 2}\nO: 1\n");
        assert_eq!((shown.as_str(), errors.len()), ("{R:{a:{x:1},c:{x:2}},O:1}", 1));
        let (shown, errors) = read("a: 1\n]b\nc: 2\n");
        assert_eq!((shown.as_str(), errors.len()), ("{a:1}", 1));
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        assert_eq!(
            read("a: 1\nb: 2\na: 3\n"),
            ("{a:3,b:2}".to_owned(), vec!["10..11 expected the key a once".to_owned()])
        );
        assert_eq!(read("a: 1\n---\nb: 2\n"), ("{a:1}".to_owned(), vec!["5..8 expected a single document".to_owned()]));
        assert_eq!(read("a: *x\n").1, ["3..5 nothing before is named &x"]);
        assert_eq!(read("{[1]: 2}\n").1, ["1..2 expected a text as key"]);
    }

    #[test]
    fn hostile_documents_end_in_a_message() {
        let mut bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for pair in b"abcdefghi".windows(2) {
            let [of, name] = [pair[0], pair[1]].map(char::from);
            let all = vec![format!("*{of}"); 9].join(",");
            writeln!(bomb, "{name}: &{name} [{all}]").unwrap();
        }
        assert!(read(&bomb).1[0].contains("aliases for at most"));
        assert_eq!(read(&"[".repeat(100_000)).1.len(), 1);
        assert_eq!(read(&"- ".repeat(100_000)).1.len(), 1);
        let comments = "# x\n".repeat(100_000);
        assert_eq!(good(&format!("{comments}a: 1\n")), "{a:1}");
    }
}
