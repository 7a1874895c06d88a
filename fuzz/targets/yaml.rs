//! The reader of YAML: every place that it tells lies in the text, between characters.
#![no_main]

use iac_check::{
    source::SourceMap,
    syntax::yaml::{self, Node, NodeKind},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let source = sources.add("main.yaml", text).expect("a small text");
    let document = yaml::parse(source, text);
    let mut open: Vec<&Node> = vec![&document.root];
    while let Some(node) = open.pop() {
        assert!(text.get(node.span.bytes()).is_some(), "{:?}", node.span);
        match &node.kind {
            NodeKind::List(items) => open.extend(items),
            NodeKind::Map(entries) => {
                for (key, node) in entries {
                    assert!(text.get(key.span.bytes()).is_some(), "{:?}", key.span);
                    open.push(node);
                }
            }
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => (),
        }
    }
    for error in &document.errors {
        assert!(text.get(error.span.bytes()).is_some(), "{:?}", error.span);
    }
});
