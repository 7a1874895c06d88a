//! Allowances: `# iac-check: allow(rule) because …` beside the code. What one allows is left out of reports but counted;
//! one that allows nothing is told.

use std::collections::BTreeMap;

use crate::{
    finding::{Certainty, Finding, Label, Remark, RuleName, Severity, Standing, Unanswered},
    rules,
    source::{SourceMap, Span},
};

/// What was found in one project, and what its code says of that.
#[derive(Debug)]
pub struct Checked<'a> {
    pub remarks: &'a [Remark],
    pub findings: &'a mut Vec<Finding>,
    pub unanswered: &'a [Unanswered],
}

/// What a comment allows.
#[derive(Debug, PartialEq, Eq)]
struct Allowance<'a> {
    is_for_file: bool,
    rules: Vec<&'a str>,
    because: String,
}

/// Whether an allowance had something to allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Unused,
    /// A rule could not tell whether there is something.
    Open,
    Used,
}

const NAME: RuleName = "unused_allowance";

/// What is found while code is read, by no rule.
const OF_READING: [RuleName; 3] = ["evaluation_error", "module_not_installed", "syntax_error"];

/// Marks the findings that the code allows, with the reason. Of each allowance that allows nothing in any project, though
/// its rules were `asked`, it makes a finding in the first.
pub fn apply(sources: &SourceMap, asked: &[RuleName], projects: &mut [Checked<'_>]) {
    // The same file may be part of several projects.
    let mut useless: BTreeMap<(&str, u32), (Use, usize, Finding)> = BTreeMap::new();
    for (at, project) in projects.iter_mut().enumerate() {
        for remark in project.remarks {
            let (used, message) = match read(&remark.text).and_then(|it| check(it, remark.standing)) {
                Ok(allowance) => {
                    let is_asked = allowance.rules.iter().all(|name| asked.contains(name) || OF_READING.contains(name));
                    let used = allow(sources, &allowance, remark, project);
                    (if is_asked { used } else { used.max(Use::Open) }, "this allowance allows nothing".to_owned())
                }
                Err(message) => (Use::Unused, message),
            };
            let key = (sources.path(remark.span.source), remark.span.start);
            let entry = useless.entry(key).or_insert_with(|| (used, at, unused(remark.span, message)));
            entry.0 = entry.0.max(used);
        }
    }
    for (used, at, finding) in useless.into_values() {
        if used == Use::Unused {
            projects[at].findings.push(finding);
        }
    }
}

/// What a comment says, or what is wrong with it.
fn read(text: &str) -> Result<Allowance<'_>, String> {
    let wanted = || "this is no allowance: write `iac-check: allow(RULE) because …`".to_owned();
    let (_, text) = text.split_once(':').ok_or_else(wanted)?;
    let text = text.trim().strip_prefix("allow").ok_or_else(wanted)?;
    let (text, is_for_file) = text.strip_prefix("-file").map_or((text, false), |text| (text, true));
    let (names, reason) = text.trim_start().strip_prefix('(').and_then(|it| it.split_once(')')).ok_or_else(wanted)?;
    let rules: Vec<_> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let words: Vec<_> = reason.split_whitespace().collect();
    match words.as_slice() {
        _ if rules.is_empty() => Err(wanted()),
        ["because", because @ ..] if !because.is_empty() => {
            Ok(Allowance { is_for_file, rules, because: because.join(" ") })
        }
        _ => Err("this allowance gives no reason, and so allows nothing: write `because …` behind it".to_owned()),
    }
}

fn check(allowance: Allowance<'_>, standing: Standing) -> Result<Allowance<'_>, String> {
    let is_known = |name: &&&str| rules::find(name).is_some() || OF_READING.contains(*name);
    if let Some(name) = allowance.rules.iter().find(|name| !is_known(name)) {
        return Err(format!("there is no rule `{name}`"));
    }
    if allowance.is_for_file && standing != Standing::Top {
        return Err("this allows nothing: `allow-file` stands at the top of its file".to_owned());
    }
    Ok(allowance)
}

/// Marks what the allowance is for.
fn allow(sources: &SourceMap, allowance: &Allowance<'_>, remark: &Remark, project: &mut Checked<'_>) -> Use {
    let line = line_of(sources, remark.span);
    let covers = |at: Span| {
        let is_in = |start: u32, end: u32| start <= at.start && at.start < end.max(start + 1);
        at.source == remark.span.source
            && (allowance.is_for_file
                || line.is_some_and(|line| is_in(line.start, line.end))
                || matches!(remark.standing, Standing::FirstIn(block) if is_in(block.start, block.end)))
    };
    let is_open = project.unanswered.iter().any(|it| allowance.rules.contains(&it.rule));
    let mut used = if is_open { Use::Open } else { Use::Unused };
    for finding in project.findings.iter_mut() {
        if allowance.rules.contains(&finding.rule) && covers(finding.at.span) {
            finding.allowed = Some(allowance.because.clone());
            used = Use::Used;
        }
    }
    used
}

/// The line that a comment is about: its own, where code stands on it; otherwise the next that is no comment.
fn line_of(sources: &SourceMap, comment: Span) -> Option<Span> {
    let text = sources.whole(comment.source);
    let begin = comment.bytes().start;
    let end = begin + sources.text(comment).trim_end().len();
    let first = text[..begin].rfind('\n').map_or(0, |at| at + 1);
    let past = |from: usize| text[from..].find('\n').map_or(text.len(), |at| from + at + 1);
    let is_blank = |from: usize, to: usize| text[from..to].trim().is_empty();
    if !is_blank(first, begin) || !is_blank(end, past(end)) {
        return Some(comment.source.span(first..past(end)));
    }
    let mut start = past(end);
    for line in text[start..].split_inclusive('\n') {
        let code = line.trim();
        if code.is_empty() {
            return None;
        }
        if !code.starts_with('#') && !code.starts_with("//") {
            return Some(comment.source.span(start..start + line.len()));
        }
        start += line.len();
    }
    None
}

fn unused(at: Span, message: String) -> Finding {
    Finding {
        rule: NAME,
        severity: Severity::Note,
        certainty: Certainty::Certain,
        resource: None,
        message,
        at: Label::new(at, "here"),
        because: Vec::new(),
        help: Some("remove it, or put it on the line before what it is for, with the rule's name".to_owned()),
        evidence: BTreeMap::new(),
        allowed: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: RuleName = "blackhole_route";

    /// What of findings at each `!` of `code` is allowed, and what is said of the comment in it, which starts at `#` or
    /// `/` and ends with its line or at `*/`.
    fn judged(
        code: &str,
        standing: impl Fn(&dyn Fn(&str) -> usize, crate::source::SourceId) -> Standing,
    ) -> (Vec<bool>, Vec<String>) {
        let mut sources = SourceMap::default();
        let source = sources.add("main.tf", code).unwrap();
        let begin = code.find(['#', '/']).unwrap();
        let end = code[begin..].find("*/").map(|at| at + 2).or_else(|| code[begin..].find('\n')).unwrap() + begin;
        let text = code[begin..end].trim_matches(['#', '/', '*', ' ']).to_owned();
        let find = |what: &str| code.find(what).unwrap();
        let remark = Remark { span: source.span(begin..end), text, standing: standing(&find, source) };
        let mut findings: Vec<_> = code
            .match_indices('!')
            .map(|(at, _)| Finding { rule: RULE, ..unused(source.span(at..at + 1), String::new()) })
            .collect();
        let count = findings.len();
        let mut checked = [Checked { remarks: &[remark], findings: &mut findings, unanswered: &[] }];
        apply(&sources, &[RULE], &mut checked);
        let told = findings.split_off(count).into_iter().map(|it| it.message).collect();
        (findings.iter().map(|it| it.allowed.is_some()).collect(), told)
    }

    fn between(code: &str) -> (Vec<bool>, Vec<String>) {
        judged(code, |_, _| Standing::Between)
    }

    #[test]
    fn an_allowance_is_for_its_line_or_the_next() {
        let none = Vec::<String>::new();
        let allow = "iac-check: allow(blackhole_route) because it is a test";
        assert_eq!(between(&format!("!\n# {allow}\n!\n!\n")), (vec![false, true, false], none.clone()));
        assert_eq!(between(&format!("!\n! // {allow}\n!\n")), (vec![false, true, false], none.clone()));
        assert_eq!(between(&format!("/* {allow} */\n# more\n!\n!\n")), (vec![true, false], none.clone()));
        assert_eq!(between(&format!("/* {allow} */ !\n!\n")), (vec![true, false], none));
        assert_eq!(between(&format!("# {allow}\n\n!\n")).0, [false]);
    }

    #[test]
    fn the_first_thing_in_a_block_is_for_the_block_and_one_at_the_top_for_the_file() {
        let code = "!\n! {\n  # iac-check: allow(blackhole_route) because x\n\n !\n}\n!\n";
        let first = |find: &dyn Fn(&str) -> usize, source: crate::source::SourceId| {
            Standing::FirstIn(source.span(find("! {")..find("}") + 1))
        };
        assert_eq!(judged(code, first), (vec![false, true, true, false], Vec::new()));
        let code = "# iac-check: allow-file(blackhole_route) because x\n\n!\n!\n";
        assert_eq!(judged(code, |_, _| Standing::Top), (vec![true, true], Vec::new()));
        let (allowed, told) = between(code);
        assert_eq!((allowed, told.len()), (vec![false, false], 1));
    }

    #[test]
    fn an_allowance_without_reason_rule_or_finding_is_told() {
        for (text, told) in [
            ("allow(blackhole_route)", "this allowance gives no reason"),
            ("allow(blackhole_route) because ", "this allowance gives no reason"),
            ("allow(no_such_rule) because x", "there is no rule `no_such_rule`"),
            ("allow() because x", "this is no allowance"),
            ("ignore", "this is no allowance"),
        ] {
            let (allowed, messages) = between(&format!("# iac-check: {text}\n!\n"));
            assert_eq!(allowed, [false], "{text}");
            assert!(messages.len() == 1 && messages[0].starts_with(told), "{text}: {messages:?}");
        }
        let (_, messages) = between("# iac-check: allow(duplicate_route, blackhole_route) because x\nresource\n");
        assert!(messages.is_empty(), "not all its rules were asked");
        let (_, messages) = between("# iac-check: allow(blackhole_route) because x\nresource\n");
        assert_eq!(messages, ["this allowance allows nothing"]);
    }
}
