//! Findings that the file allows: for plans alone, and for code that is not one's own.

use super::{
    Trouble, fits,
    reader::{Value, array_of, no_such_key, patterns_of, rule_of, table_of, text_of, trouble},
};
use crate::{finding::RuleName, terraform::functions::glob::Pattern};

/// What is allowed, where, and why.
#[derive(Clone, Debug)]
pub struct Allow {
    rule: RuleName,
    /// Its address, in which `*` is any text.
    resource: Option<String>,
    paths: Vec<Pattern>,
    because: String,
}

impl Allow {
    /// Why a finding is allowed, where it is: one of `rule`, about `resource`, at `path`.
    pub fn reason(&self, rule: RuleName, resource: Option<&str>, path: &str) -> Option<&str> {
        let is_resource = self.resource.as_deref().is_none_or(|it| resource.is_some_and(|name| matches(it, name)));
        let is_here = self.paths.is_empty() || fits(&self.paths, path);
        (self.rule == rule && is_resource && is_here).then_some(self.because.as_str())
    }

    /// It in a few words.
    pub fn name(&self) -> String {
        let of = self.resource.as_ref().map(|it| format!(" of `{it}`")).unwrap_or_default();
        format!("`{}`{of}", self.rule)
    }
}

pub(super) fn all_of(value: &Value<'_>) -> Result<Vec<Allow>, Trouble> {
    array_of(value, "tables, each headed by `[[allow]]`")?.iter().map(one_of).collect()
}

fn one_of(value: &Value<'_>) -> Result<Allow, Trouble> {
    let table = table_of(value, "a table, headed by `[[allow]]`")?;
    let (mut rule, mut because) = (None, None);
    let (mut resource, mut paths) = (None, Vec::new());
    for (key, value) in table {
        match &**key.get_ref() {
            "rule" => rule = Some(rule_of(text_of(value, "the name of a rule")?, value.span())?),
            "resource" => resource = Some(text_of(value, "a resource's address")?.to_owned()),
            "paths" => paths = patterns_of(value)?,
            "because" => because = Some(text_of(value, "a reason")?.trim()).filter(|it| !it.is_empty()),
            other => return Err(no_such_key(key.span(), other, &["rule", "resource", "paths", "because"], &[])),
        }
    }
    let missing = |what: &str| trouble(value.span(), what);
    if resource.is_none() && paths.is_empty() {
        return Err(missing("this allows it everywhere: `resource` or `paths` says where, `[rules]` turns a rule off"));
    }
    Ok(Allow {
        rule: rule.ok_or_else(|| missing("no rule is named: `rule` says which"))?,
        because: because.ok_or_else(|| missing("it gives no reason: `because` says why"))?.to_owned(),
        resource,
        paths,
    })
}

/// Whether a text is what `pattern` says, in which `*` is any text. Linear: the first place that fits will do.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_is_any_text() {
        assert!(matches("aws_lb.front", "aws_lb.front") && !matches("aws_lb.front", "aws_lb.front2"));
        assert!(matches("module.*.aws_lb.*", "module.net[\"a\"].aws_lb.front") && matches("*", ""));
        assert!(!matches("*.aws_lb", "module.a.aws_lb.b") && !matches("a*a", "a") && matches("a*b*c", "abbc"));
        assert!(matches("aws_subnet.a[*]", "aws_subnet.a[0]"), "brackets are an address's own");
    }
}
