//! Where a rule's page stands for those who read a report somewhere else.

use crate::{finding::RuleName, rules};

/// The pages of this very version.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/v", env!("CARGO_PKG_VERSION"), "/rules");

/// The address of a rule's page; `None` for what is no rule (`syntax_error`).
pub(super) fn page(rule: RuleName) -> Option<String> {
    rules::find(rule).map(|rule| format!("{PAGES}/{}.md", rule.name))
}

/// A page's text with its links to other pages made to lead there from anywhere.
pub(super) fn resolved(page: &str) -> String {
    let mut resolved = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("](") {
        resolved.push_str(before);
        resolved.push_str("](");
        let target = after.split(')').next().unwrap_or_default();
        if !target.contains("://") && target.split('#').next().is_some_and(|it| it.strip_suffix(".md").is_some()) {
            resolved.push_str(PAGES);
            resolved.push('/');
        }
        rest = after;
    }
    resolved.push_str(rest);
    resolved
}

/// `path` as a URI: what may stand in it stays, everything else is written in percents.
pub(super) fn uri(path: &str) -> String {
    let is_drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    let start = if path.starts_with('/') {
        "file://"
    } else if is_drive {
        "file:///"
    } else {
        ""
    };
    let mut uri = start.to_owned();
    for (at, byte) in path.bytes().enumerate() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) || (is_drive && at == 1);
        if is_plain {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            uri.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])));
        }
    }
    uri
}

/// Whether `path` lies where the run looked from, whatever folder that was.
pub(super) fn is_relative(path: &str) -> bool {
    !uri(path).starts_with("file:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("net/main.tf"), "net/main.tf");
        assert_eq!(uri("a b/ü:[1].tf"), "a%20b/%C3%BC%3A%5B1%5D.tf");
        assert_eq!(uri("/tmp/plan.json"), "file:///tmp/plan.json");
        assert_eq!(uri("C:/tmp/plan.json"), "file:///C:/tmp/plan.json");
        assert!(is_relative("../a") && !is_relative("/a"));
    }

    #[test]
    fn links_between_pages_lead_there() {
        let page = "see [b](b.md#why) and [c](https://c.example/d.md), not [x](#y)";
        let expected = format!("see [b]({PAGES}/b.md#why) and [c](https://c.example/d.md), not [x](#y)");
        assert_eq!(resolved(page), expected);
    }

    #[test]
    fn only_rules_have_pages() {
        assert_eq!(page("nat_loop"), Some(format!("{PAGES}/nat_loop.md")));
        assert_eq!(page("syntax_error"), None);
    }
}
