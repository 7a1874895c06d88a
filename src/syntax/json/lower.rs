//! Terraform's JSON (<https://developer.hashicorp.com/terraform/language/syntax/json>) into the tree of HCL.
//!
//! Blocks that Terraform itself knows become blocks; those of a provider become arguments, the values of which are
//! objects or lists of objects.

use rustc_hash::FxHashMap;

use super::{
    node::{Key, Node, NodeKind},
    schema::{BlockType, Content, FILE, VALUES},
    template::read,
};
use crate::{
    source::Span,
    syntax::{Attribute, Block, Body, Expression, ExpressionKind, Label, SyntaxError},
};

/// A `.tf.json` or `.tofu.json` file. A block with an error in it is left out whole.
pub fn body(document: &Node) -> (Body, Vec<SyntaxError>) {
    file(document, &FILE)
}

/// A `.tfvars.json` file: its strings stand for themselves.
pub fn values(document: &Node) -> (Body, Vec<SyntaxError>) {
    file(document, &VALUES)
}

fn file(document: &Node, content: &Content) -> (Body, Vec<SyntaxError>) {
    let mut filling = Filling::default();
    match maps(document) {
        Ok(maps) => {
            for (key, node) in maps.into_iter().flatten() {
                filling.member(key, node, content);
            }
        }
        Err(error) => filling.errors.push(error),
    }
    (filling.body, filling.errors)
}

/// A body that is being filled.
#[derive(Default)]
struct Filling {
    body: Body,
    /// Where each argument stands in the body.
    names: FxHashMap<String, usize>,
    errors: Vec<SyntaxError>,
}

impl Filling {
    /// Takes in a block or an argument.
    fn member(&mut self, key: &Key, node: &Node, content: &Content) {
        if key.text == "//" {
            return;
        }
        if let Some(block_type) = content.blocks.iter().find(|it| it.kind == key.text) {
            self.blocks(block_type, &Place { kind: key, labels: Vec::new() }, node);
        } else if content.is_closed {
            let message = format!("expected a type of block: `{}` is none", key.text);
            self.errors.push(SyntaxError { span: key.span, message });
        } else {
            let own = content.arguments.iter().find(|(name, _)| *name == key.text);
            match read(node, own.map_or(content.otherwise, |(_, reading)| *reading)) {
                Ok(value) => self.add(key, value),
                Err(error) => self.errors.push(error),
            }
        }
    }

    /// A key that is given twice is an argument set twice, unless all that it is given could be content of blocks.
    fn add(&mut self, key: &Key, value: Expression) {
        let Some(&at) = self.names.get(&key.text) else {
            self.names.insert(key.text.clone(), self.body.attributes.len());
            self.body.attributes.push(Attribute { name: key.text.clone(), name_span: key.span, value });
            return;
        };
        let before = &mut self.body.attributes[at].value;
        if !could_be_blocks(before) || !could_be_blocks(&value) {
            let message = format!("expected another name: `{}` is set before, and an argument is set once", key.text);
            self.errors.push(SyntaxError { span: key.span, message });
            return;
        }
        if !matches!(before.kind, ExpressionKind::Tuple(_)) {
            let tuple = Expression { kind: ExpressionKind::Tuple(Vec::new()), span: before.span };
            let first = std::mem::replace(before, tuple);
            append(before, first);
        }
        append(before, value);
    }

    /// The blocks of one type that `node` holds.
    fn blocks(&mut self, block_type: &BlockType, place: &Place<'_>, node: &Node) {
        let maps = match maps(node) {
            Ok(maps) => maps,
            Err(error) => return self.errors.push(error),
        };
        if place.labels.len() == block_type.labels {
            for (map, span) in maps.into_iter().zip(spans(node)) {
                match content(map, block_type.content) {
                    Ok(inner) => self.body.blocks.push(block(place, inner, span)),
                    Err(more) => self.errors.extend(more),
                }
            }
            return;
        }
        for (label, inner) in maps.into_iter().flatten().filter(|(label, _)| label.text != "//") {
            let mut place = place.clone();
            place.labels.push(label);
            self.blocks(block_type, &place, inner);
        }
    }
}

/// Is it an object or a list of objects? Of a list the first and last tell: it is that of blocks that came before, or
/// what a provider refuses anyway.
fn could_be_blocks(value: &Expression) -> bool {
    let is_object = |it: &Expression| matches!(it.kind, ExpressionKind::Object(_));
    if let ExpressionKind::Tuple(items) = &value.kind {
        return items.first().is_none_or(is_object) && items.last().is_none_or(is_object);
    }
    is_object(value)
}

/// Puts an object, or the objects of a list, at the end of a list.
fn append(list: &mut Expression, value: Expression) {
    let ExpressionKind::Tuple(all) = &mut list.kind else { return };
    if let ExpressionKind::Tuple(items) = value.kind {
        all.extend(items);
    } else {
        all.push(value);
    }
}

/// The objects that a node is: itself, or those in its list. Null is none.
fn maps(node: &Node) -> Result<Vec<&[(Key, Node)]>, SyntaxError> {
    let not_a_map = |node: &Node| SyntaxError { span: node.span, message: "expected an object".to_owned() };
    match &node.kind {
        NodeKind::Map(members) => Ok(vec![members]),
        NodeKind::Null => Ok(Vec::new()),
        NodeKind::List(items) => {
            let map = |item: &'_ Node| -> Result<_, SyntaxError> {
                match &item.kind {
                    NodeKind::Map(_) => Ok(()),
                    NodeKind::Null
                    | NodeKind::Bool(_)
                    | NodeKind::Number(_)
                    | NodeKind::Text(_)
                    | NodeKind::List(_) => Err(not_a_map(item)),
                }
            };
            items.iter().try_for_each(map)?;
            Ok(items.iter().filter_map(members).collect())
        }
        NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => Err(not_a_map(node)),
    }
}

fn members(node: &Node) -> Option<&[(Key, Node)]> {
    match &node.kind {
        NodeKind::Map(members) => Some(members),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::List(_) => None,
    }
}

/// The names on the way to a block.
#[derive(Clone)]
struct Place<'a> {
    kind: &'a Key,
    labels: Vec<&'a Key>,
}

/// The places of the objects that a node is.
fn spans(node: &Node) -> Vec<Span> {
    match &node.kind {
        NodeKind::List(items) => items.iter().map(|item| item.span).collect(),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Map(_) => {
            vec![node.span]
        }
    }
}

fn content(members: &[(Key, Node)], content: &Content) -> Result<Body, Vec<SyntaxError>> {
    let mut filling = Filling::default();
    for (key, node) in members {
        filling.member(key, node, content);
    }
    if filling.errors.is_empty() { Ok(filling.body) } else { Err(filling.errors) }
}

/// Its header is its innermost name: the others may stand far away, and be those of other blocks too.
fn block(place: &Place<'_>, body: Body, span: Span) -> Block {
    let labels = place.labels.iter().map(|key| Label { text: key.text.clone(), span: key.span });
    let header = place.labels.last().map_or(place.kind.span, |key| key.span);
    Block {
        kind: place.kind.text.clone(),
        labels: labels.collect(),
        body,
        header,
        span: Span { start: header.start, ..span },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{source::SourceMap, syntax::json::parse};

    fn lowered(text: &str) -> (Body, Vec<String>) {
        let source = SourceMap::default().add("main.tf.json", text).unwrap();
        let (node, errors) = parse(source, text);
        assert!(errors.is_empty(), "{errors:?}");
        let (body, errors) = body(&node);
        (body, errors.iter().map(|it| format!("{}..{} {}", it.span.start, it.span.end, it.message)).collect())
    }

    fn show(body: &Body) -> String {
        let arguments = body.attributes.iter().map(|it| it.name.clone());
        let blocks = body.blocks.iter().map(|block| {
            let names =
                std::iter::once(block.kind.as_str()).chain(block.labels.iter().map(|label| label.text.as_str()));
            format!("{}({})", names.collect::<Vec<_>>().join("."), show(&block.body))
        });
        arguments.chain(blocks).collect::<Vec<_>>().join(" ")
    }

    fn value<'a>(body: &'a Body, name: &str) -> &'a ExpressionKind {
        &body.attributes.iter().find(|it| it.name == name).unwrap().value.kind
    }

    #[test]
    fn keys_become_blocks_and_arguments() {
        let (body, errors) = lowered(
            r#"{"//": 1, "resource": {"aws_vpc": {"a": {"cidr_block": "x", "tags": {"k": "v"}}, "b": [{}, {"//": 2}]}},
                "locals": [{"a": 1}, {"b": 2}], "module": [{"m": {"source": "./m"}}],
                "data": {"aws_ami": {"i": {"dynamic": {"filter": {"for_each": [], "content": {"name": "n"}}}}}}}"#,
        );
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(
            show(&body),
            "resource.aws_vpc.a(cidr_block tags) resource.aws_vpc.b() resource.aws_vpc.b() locals(a) locals(b) \
             module.m(source) data.aws_ami.i(dynamic.filter(for_each content(name)))"
        );
    }

    #[test]
    fn strings_are_what_their_argument_takes_them_for() {
        let (body, errors) = lowered(
            r#"{"module": {"m": {"source": "${a}", "x": "${a}", "n": -1, "depends_on": ["a.b"], "o": {"${k}": "\"${v}"}}},
                "variable": {"v": {"type": "list(string)", "default": "${a}"}}}"#,
        );
        assert_eq!(errors, Vec::<String>::new());
        let module = &body.blocks[0].body;
        assert!(matches!(value(module, "source"), ExpressionKind::Text(text) if text == "${a}"));
        assert!(matches!(value(module, "x"), ExpressionKind::Template(parts) if parts.len() == 1));
        assert!(matches!(value(module, "n"), ExpressionKind::Unary { .. }));
        let ExpressionKind::Tuple(items) = value(module, "depends_on") else { panic!("a list") };
        assert!(matches!(items[0].kind, ExpressionKind::Attribute { .. }));
        let variable = &body.blocks[1].body;
        assert!(matches!(value(variable, "type"), ExpressionKind::Call { .. }));
        assert!(matches!(value(variable, "default"), ExpressionKind::Text(_)));
    }

    #[test]
    fn what_is_wrong_has_its_place_and_takes_its_block_with_it() {
        let (body, errors) = lowered(r#"{"resource": {"t": {"a": {"x": "${"}, "b": {"x": 1}}}, "nope": {}}"#);
        assert_eq!(show(&body), "resource.t.b(x)");
        assert_eq!(errors, ["34..34 expected a value", "55..61 expected a type of block: `nope` is none"]);
        let (_, errors) = lowered(r#"{"locals": {"a": 1, "a": 2}, "resource": {"t": {"a": {"i": {}, "i": [{}]}}}}"#);
        assert_eq!(errors.len(), 1);
    }
}
