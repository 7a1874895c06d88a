//! The parts of a Terraform address: `module.net["a"].aws_subnet.zone[0]`, and of a reference: `aws_subnet.zone[0].id`.

use std::fmt;

/// Which instance of a resource or module: `[0]` of `count`, `["a"]` of `for_each`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Index(i64),
    Name(String),
}

/// One step of an address or a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Attribute(String),
    Key(Key),
}

/// The steps of `text`; what cannot be read ends them.
pub(super) fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let Some((key, after)) = key(inside) else { break };
            steps.push(Step::Key(key));
            rest = after;
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let end = name.find(['.', '[']).unwrap_or(name.len());
            if end == 0 {
                break;
            }
            steps.push(Step::Attribute(name[..end].to_owned()));
            rest = &name[end..];
        }
    }
    steps
}

/// The key whose opening bracket was just passed, and what follows its closing one.
fn key(inside: &str) -> Option<(Key, &str)> {
    if !inside.starts_with('"') {
        let (index, after) = inside.split_once(']')?;
        return Some((Key::Index(index.parse().ok()?), after));
    }
    let mut escaped = false;
    for (at, it) in inside.char_indices().skip(1) {
        match it {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => {
                let name = serde_json::from_str(&inside[..=at]).unwrap_or_else(|_| inside[1..at].to_owned());
                return Some((Key::Name(name), inside[at + 1..].strip_prefix(']')?));
            }
            _ => (),
        }
    }
    None
}

impl Key {
    /// The key as a name: `count` and `for_each` over the same things give `[0]` and `["0"]`.
    pub(super) fn as_name(&self) -> String {
        match self {
            Self::Index(index) => index.to_string(),
            Self::Name(name) => name.clone(),
        }
    }
}

impl Key {
    /// Whether an expression with this key names the instance with key `it`: `[0]` finds `["0"]` too.
    pub(super) fn is_key(&self, it: Option<&Self>) -> bool {
        it.is_some_and(|it| it.as_name() == self.as_name())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Name(name) => write!(f, "[{name:?}]"),
        }
    }
}

/// The calls that lead to a module instance, outermost first.
pub(super) fn module_steps(address: &str) -> Vec<(String, Option<Key>)> {
    let mut found = Vec::new();
    let mut steps = steps(address).into_iter().peekable();
    while let Some(Step::Attribute(word)) = steps.next() {
        if word != "module" {
            break;
        }
        let Some(Step::Attribute(name)) = steps.next() else { break };
        let key = match steps.next_if(|step| matches!(step, Step::Key(_))) {
            Some(Step::Key(key)) => Some(key),
            Some(Step::Attribute(_)) | None => None,
        };
        found.push((name, key));
    }
    found
}

/// An address without its instance keys.
pub(super) fn without_keys(address: &str) -> String {
    let names = steps(address).into_iter().filter_map(|step| match step {
        Step::Attribute(name) => Some(name),
        Step::Key(_) => None,
    });
    names.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let part = |step: Step| match step {
            Step::Attribute(name) => format!("({name})"),
            Step::Key(key) => key.to_string(),
        };
        steps(text).into_iter().map(part).collect()
    }

    #[test]
    fn steps_are_cut_at_dots_and_brackets() {
        assert_eq!(
            shown("module.net[\"a.b]\"].aws_subnet.zone[0].id"),
            r#"(module)(net)["a.b]"](aws_subnet)(zone)[0](id)"#
        );
        assert_eq!(shown(r#"x["a\"b"].y"#), r#"(x)["a\"b"](y)"#);
        assert_eq!(shown("x[oops"), "(x)");
        assert_eq!(shown(""), "");
    }
}
