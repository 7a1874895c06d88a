//! The reader of HCL: every place that it tells lies in the text, between characters.
#![no_main]

use iac_check::{
    source::{SourceId, SourceMap, Span},
    syntax::{Body, hcl},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let source: SourceId = sources.add("main.tf", text).expect("a small text");
    let parsed = hcl::parse(source, text);
    let holds = |span: Span| assert!(text.get(span.bytes()).is_some(), "{span:?}");
    let mut open: Vec<&Body> = vec![&parsed.body];
    while let Some(body) = open.pop() {
        for attribute in &body.attributes {
            holds(attribute.name_span);
            holds(attribute.value.span);
        }
        for block in &body.blocks {
            holds(block.header);
            holds(block.span);
            block.labels.iter().for_each(|label| holds(label.span));
            open.push(&block.body);
        }
    }
    parsed.comments.iter().for_each(|comment| holds(comment.span));
    for error in &parsed.errors {
        holds(error.span);
        sources.place(error.span);
    }
    let _ = hcl::parse_expression(source, text, 0);
    let _ = hcl::parse_template(source, text, 0);
});
