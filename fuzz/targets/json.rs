//! The reader of JSON: what serde_json takes it takes, and its places lie in the text.
#![no_main]

use iac_check::{source::SourceMap, syntax::json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let source = sources.add("main.tf.json", text).expect("a small text");
    let (node, errors) = json::parse(source, text);
    for error in &errors {
        assert!(text.get(error.span.bytes()).is_some(), "{:?}", error.span);
    }
    assert!(text.get(node.span.bytes()).is_some(), "{:?}", node.span);
    // A key twice is an error here and none there; a byte order mark is none here.
    if errors.is_empty() {
        let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
        assert!(serde_json::from_str::<serde::Ignored>(unmarked).is_ok(), "{text}");
    }
    let _ = json::body(&node);
    let _ = json::values(&node);
});

mod serde {
    //! Whatever is JSON.
    pub type Ignored = Box<serde_json::value::RawValue>;
}
