//! What of a text is secret: what stands after a secret's name, and what has the form of a secret.

use std::{borrow::Cow, ops::Range};

use rustc_hash::FxHashSet;

use super::is_hidden_name;

/// How far before its value a name begins at most.
const LONGEST_NAME: usize = 128;

/// How far apart the two halves of a pair stand at most: `name = "DB_PASSWORD"` and its `value`.
const LONGEST_PAIR: usize = 512;

/// How far back the beginning of a text of several lines is looked for.
const LONGEST_BLOCK: usize = 8192;

/// How a secret is shown.
const HIDDEN: &str = "…";

/// What of `shown`, a part of `text`, is secret, in the order in which it stands. The code or JSON around it is looked at
/// too, a little way.
pub fn secrets_in(text: &str, shown: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    assigned(text, shown.clone(), &mut found);
    options(text, shown.clone(), &mut found);
    forms(text, shown.clone(), &mut found);
    tokens(text, shown.clone(), &mut found);
    lines_of_blocks(text, shown, &mut found);
    found.sort_by_key(|it| (it.start, it.end));
    found
}

/// `text` without what is secret in it.
pub fn redacted(text: &str) -> Cow<'_, str> {
    let secrets = secrets_in(text, 0..text.len());
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut told = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        if at <= secret.start {
            told.push_str(&text[at..secret.start]);
            told.push_str(HIDDEN);
        }
        at = at.max(secret.end);
    }
    told.push_str(&text[at..]);
    Cow::Owned(told)
}

/// From where on a line is looked at for secrets that reach beyond `before`, its beginning: from the name on to which an
/// open text belongs, or the one that may come last. What stands before costs no look, however long it is.
pub fn start_of(before: &str) -> usize {
    let mut end = before.len();
    let mut open = end;
    while let Some(quote) = before[..end].rfind('"') {
        end = quote;
        if before[..quote].ends_with('\\') {
            continue;
        }
        if before[..quote].trim_end_matches([' ', '\t']).ends_with(['=', ':']) {
            open = quote;
        }
        break;
    }
    floor(before, open.saturating_sub(LONGEST_NAME))
}

/// What of a line of values is not shown: all but the names.
pub fn values_in(line: &str) -> Range<usize> {
    line.find(['=', ':']).map_or(0, |at| at + 1)..line.len()
}

// After a name --------------------------------------------------------------------------------------------------------

/// `password = "…"`, `"password": "…"`, `password: …`, `PASSWORD=…`, `{name = "DB_PASSWORD", value = "…"}`.
fn assigned(text: &str, shown: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut at = shown.start;
    while let Some(offset) = text[at..shown.end].find(['=', ':']) {
        let sign = at + offset;
        at = sign + 1;
        let name = name_before(&text[shown.start..sign]);
        let is_secret = is_hidden_name(name) || (name.eq_ignore_ascii_case("value") && is_of_secret(text, sign, at));
        if !is_secret {
            continue;
        }
        if let Some(value) = value_after(text, sign, shown.end) {
            at = value.end;
            found.push(value);
        }
    }
}

/// The last word of `text`, which may stand in quotes.
fn name_before(text: &str) -> &str {
    let text = text.trim_end_matches([' ', '\t', '=', '!']);
    let text = text.strip_suffix(['"', '\'']).unwrap_or(text).trim_end_matches('\\');
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    &text[text.trim_end_matches(is_part).len()..]
}

/// Whether the `value` whose sign stands at `sign` belongs to the name of a secret, which stands in the same braces or in
/// the same item, before it or after.
fn is_of_secret(text: &str, sign: usize, after: usize) -> bool {
    let before = &text[floor(text, sign.saturating_sub(LONGEST_PAIR))..sign];
    let before = &before[before.rfind(['{', '}']).map_or(0, |at| at + 1)..];
    let before = &before[items_in(before).last().unwrap_or(0)..];
    let after = &text[after..floor(text, text.len().min(after + LONGEST_PAIR))];
    let after = &after[..after.find(['{', '}']).unwrap_or(after.len())];
    let after = &after[..items_in(after).next().unwrap_or(after.len())];
    named_in(before).into_iter().next_back().or_else(|| named_in(after).into_iter().next()).is_some_and(is_hidden_name)
}

/// Where the items of a list begin in YAML, each on a line of its own.
fn items_in(text: &str) -> impl Iterator<Item = usize> + '_ {
    let starts = text.match_indices('\n').map(|(at, _)| at + 1);
    starts.filter(|at| text[*at..].trim_start_matches(' ').starts_with("- "))
}

/// What stands after each `name` or `key` in `text`.
fn named_in(text: &str) -> Vec<&str> {
    let signs = text.match_indices(['=', ':']).filter(|(sign, _)| {
        let name = name_before(&text[..*sign]);
        ["name", "key"].iter().any(|it| name.eq_ignore_ascii_case(it))
    });
    let word = |sign: usize| {
        let rest = text[sign + 1..].trim_start_matches([' ', '\t', '"', '\'', '\\']);
        let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.');
        &rest[..rest.find(|it| !is_part(it)).unwrap_or(rest.len())]
    };
    signs.map(|(sign, _)| word(sign)).collect()
}

/// The text that is given after the sign at `sign`, without its quotes; `None` where an expression or nothing stands.
fn value_after(text: &str, sign: usize, end: usize) -> Option<Range<usize>> {
    let rest = text[sign + 1..end].trim_start_matches(['=', '>']);
    let has_room = rest.starts_with([' ', '\t']);
    let rest = after_tag(rest.trim_start_matches([' ', '\t']));
    let start = end - rest.len();
    let slashes = rest.len() - rest.trim_start_matches('\\').len();
    if rest[slashes..].starts_with('"') {
        let start = start + slashes + 1;
        return Some(start..closing_quote(text, start, end, slashes));
    }
    if let Some(inside) = rest.strip_prefix('\'') {
        return Some(start + 1..start + 1 + inside.find(['\'', '\n']).unwrap_or(inside.len()));
    }
    let is_yaml = text[sign..].starts_with(':');
    if is_yaml && !has_room {
        return None;
    }
    let starts_line = is_yaml && starts_line(&text[..sign]);
    let is_end = |it: char| it == '\n' || !starts_line && (it.is_whitespace() || ",;}])\"".contains(it));
    let word = rest[..rest.find(is_end).unwrap_or(rest.len())].trim_end();
    let is_code = !is_yaml && has_room;
    (!is_expression(word, is_code)).then(|| start..start + word.len())
}

/// What a function of CloudFormation is given, where that may be text and not the name of something.
fn after_tag(rest: &str) -> &str {
    let Some((tag, given)) = rest.strip_prefix('!').and_then(|it| it.split_once([' ', '\n'])) else { return rest };
    let names_something = ["Ref", "GetAtt", "FindInMap", "ImportValue", "If"].contains(&tag);
    if names_something { rest } else { given.trim_start_matches(' ') }
}

/// Whether the name before a sign is the first word of its line.
fn starts_line(before: &str) -> bool {
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '"' | '\'' | ' ' | '\t');
    LONGEST_NAME >= line.len() && line.chars().all(is_part)
}

/// Whether what stands without quotes is no text: a reference, a call, a list, nothing.
fn is_expression(word: &str, is_code: bool) -> bool {
    let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    let after_name = word.trim_start_matches(is_name);
    word.is_empty()
        || word.starts_with(['!', '{', '[', '(', '$', '&', '*', '|', '>', '<', '%', '#', '\\'])
        || ["var.", "local.", "module.", "data.", "each.", "self."].iter().any(|it| word.starts_with(it))
        || matches!(word, "null" | "true" | "false" | "~")
        || is_code && after_name.starts_with(['.', '(', '[']) && after_name.len() < word.len()
}

/// Where the text that starts at `start` ends: at its quote, or with the line. Of a text within a text the quote has as
/// many `slashes` before it as the one that opens it.
fn closing_quote(text: &str, start: usize, end: usize, slashes: usize) -> usize {
    let mut before = 0;
    for (at, byte) in text.bytes().enumerate().take(end).skip(start) {
        match byte {
            b'\\' => before += 1,
            b'"' if slashes == 0 && before % 2 == 0 => return at,
            b'"' if slashes != 0 && before <= slashes => return at - before,
            b'\n' => return at,
            _ => before = 0,
        }
        if byte == b'"' {
            before = 0;
        }
    }
    end
}

/// `--password …`.
fn options(text: &str, shown: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut at = shown.start;
    while let Some(offset) = text[at..shown.end].find("--") {
        let start = at + offset + 2;
        let rest = &text[start..shown.end];
        let name = &rest[..rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '-').unwrap_or(rest.len())];
        at = start + name.len();
        let Some(word) = text[at..shown.end].strip_prefix(' ').filter(|_| is_hidden_name(name)) else { continue };
        let is_end = |it: char| it.is_whitespace() || it == '"';
        let word = &word[..word.find(is_end).unwrap_or(word.len())];
        if !word.starts_with(['-', '$']) {
            found.push(at + 1..at + 1 + word.len());
        }
        at += 1 + word.len();
    }
}

// By its form ---------------------------------------------------------------------------------------------------------

/// How the tokens begin that say themselves whose they are, and how many characters follow at least.
/// <https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns>
const TOKENS: &[(&str, usize)] = &[
    ("AIza", 35),
    ("AKIA", 16),
    ("ASIA", 16),
    ("SG.", 60),
    ("dop_v1_", 64),
    ("eyJ", 32),
    ("ghp_", 36),
    ("gho_", 36),
    ("ghu_", 36),
    ("ghs_", 36),
    ("ghr_", 36),
    ("github_pat_", 60),
    ("glpat-", 20),
    ("glsa_", 32),
    ("hooks.slack.com/services/", 40),
    ("hvs.", 24),
    ("npm_", 36),
    ("pypi-AgE", 50),
    ("rk_live_", 24),
    ("shpat_", 32),
    ("sk-ant-", 32),
    ("sk-proj-", 32),
    ("sk_live_", 24),
    ("xoxa-", 24),
    ("xoxb-", 24),
    ("xoxp-", 24),
    ("xoxs-", 24),
];

/// Tokens that show by their form what they are, under whatever name.
fn tokens(text: &str, shown: Range<usize>, found: &mut Vec<Range<usize>>) {
    let within = &text[shown.clone()];
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.' | '/' | '+' | '=');
    for (start, least) in TOKENS {
        for (at, _) in within.match_indices(start) {
            let rest = &within[at + start.len()..];
            let length = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
            let starts_word = !within[..at].ends_with(|it: char| it.is_ascii_alphanumeric() || it == '_');
            // JSON in base 64 is a token where another follows a dot.
            let is_token = *start != "eyJ" || rest[..length].contains(".eyJ");
            if starts_word && is_token && *least <= length {
                let start = shown.start + at + start.len();
                found.push(start..start + length);
            }
        }
    }
}

/// `://user:password@host`, and private keys.
fn forms(text: &str, shown: Range<usize>, found: &mut Vec<Range<usize>>) {
    let within = &text[shown.clone()];
    for (at, sign) in within.match_indices("://") {
        let start = at + sign.len();
        let rest = &within[start..floor(within, within.len().min(start + LONGEST_PAIR))];
        let is_end = |it: char| it.is_whitespace() || matches!(it, '/' | '?' | '#' | '"' | '\'');
        let authority = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let Some((user, _)) = authority.rsplit_once('@') else { continue };
        let Some((name, password)) = user.split_once(':') else { continue };
        if !password.is_empty() && !password.starts_with(['$', '{', '<', '%']) {
            let start = shown.start + start + name.len() + 1;
            found.push(start..start + password.len());
        }
    }
    let mut at = 0;
    while let Some(offset) = within[at..].find("PRIVATE KEY-----") {
        let start = at + offset + "PRIVATE KEY-----".len();
        at = start + within[start..].find("-----END").unwrap_or(within.len() - start);
        found.push(shown.start + start..shown.start + at);
        at = floor(within, within.len().min(at + "-----END RSA PRIVATE KEY-----".len()));
    }
}

/// The lines of a text that begins on a line before: `password = <<END`, `password: |`.
fn lines_of_blocks(text: &str, shown: Range<usize>, found: &mut Vec<Range<usize>>) {
    let far = floor(text, shown.start.saturating_sub(LONGEST_BLOCK));
    // The first line has none before it, and one that is longer than that holds no such text.
    let Some(before) = text[far..shown.start].rfind('\n') else { return };
    let (before, line) = (&text[far..far + before], &text[far + before + 1..shown.end]);
    // Most lines are in no such text, and every finding asks: nothing is read line by line for them.
    if memchr::memchr3(b'<', b'|', b'>', before.as_bytes()).is_none() {
        return;
    }
    let line = line.lines().next().unwrap_or_default();
    let mut least = indentation(line);
    let mut later: FxHashSet<&str> = FxHashSet::from_iter([line.trim()]);
    for opener in before.rsplit('\n') {
        let opener = opener.trim_end_matches('\r');
        let is_open = match opener.rsplit_once("<<") {
            Some((_, word)) => !later.contains(word.trim_start_matches(['-', '~']).trim()),
            None => {
                opener.ends_with(['|', '>', '-', '+'])
                    && opener.trim_end_matches(['-', '+']).ends_with(['|', '>'])
                    && indentation(opener) < least
            }
        };
        if is_open {
            let name = opener.trim_end_matches(|it: char| !matches!(it, '=' | ':')).trim_end_matches(['=', ':']);
            if is_hidden_name(name_before(name)) {
                found.push(shown.clone());
            }
            return;
        }
        if !opener.trim().is_empty() {
            least = least.min(indentation(opener));
        }
        later.insert(opener.trim());
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The last place up to `at` where a character starts.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<&str> {
        secrets_in(text, 0..text.len()).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_line_tells_its_secrets_apart() {
        assert_eq!(hidden(r#"  password = "hunter2" # why"#), ["hunter2"]);
        assert_eq!(hidden(r#"{"name": "a", "password":"h\"2", "api_key" : "k"}"#), [r#"h\"2"#, "k"]);
        assert_eq!(hidden(r#"  password = "cut off"#), ["cut off"]);
        assert_eq!(hidden("  password = var.password"), [""; 0]);
        assert_eq!(hidden("é password = \"é\" ; token=\"\""), ["é", ""]);
        assert_eq!(hidden("password ="), [""; 0]);
    }

    #[test]
    fn texts_without_quotes_are_secret_and_expressions_are_not() {
        assert_eq!(hidden("MasterUserPassword: correct horse"), ["correct horse"]);
        assert_eq!(hidden("  - password: hunter2\n    port: 5"), ["hunter2"]);
        assert_eq!(hidden("{password: hunter2, a: b}"), ["hunter2"]);
        assert_eq!(hidden("export DB_PASSWORD=hunter2 PORT=5"), ["hunter2"]);
        assert_eq!(hidden("password = hunter2"), ["hunter2"]);
        assert_eq!(hidden("Password: !Sub 'hunter2'\nPassword: !Base64 hunter2"), ["hunter2", "hunter2"]);
        assert_eq!(hidden("login --db-password hunter2 --port 5 --password=hunter3"), ["hunter2", "hunter3"]);
        for line in [
            "password = random_password.db.result",
            "password = file(\"x\")",
            "password: !Ref Password",
            "Password: {Type: String}",
            "arn:aws:secretsmanager:us-east-1:1:secret:db",
            "password = null",
            "password=${var.x}",
            "password:",
            "--password $PASSWORD",
        ] {
            assert_eq!(hidden(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn pairs_are_told_apart() {
        assert_eq!(hidden(r#"[{name = "A", value = "b"}, {name = "DB_PASSWORD", value = "hunter2"}]"#), ["hunter2"]);
        assert_eq!(hidden(r#"{"value":"hunter2","name":"DB_PASSWORD"},{"name":"A","value":"b"}"#), ["hunter2"]);
        assert_eq!(hidden("- Name: A\n  Value: b\n- Name: DB_PASSWORD\n  Value: hunter2\n"), ["hunter2"]);
        assert_eq!(hidden("- Value: b\n  Name: A\n- Value: hunter2\n  Name: DB_PASSWORD\n"), ["hunter2"]);
        let text = "name = \"TOKEN\"\n  value = \"hunter2\"\n";
        assert_eq!(secrets_in(text, 15..text.len()).len(), 1);
    }

    #[test]
    fn texts_within_texts_are_told_apart() {
        assert_eq!(hidden(r#""{\"a\":\"b\",\"password\":\"hunter2\",\"c\":\"d\"}""#), ["hunter2"]);
        assert_eq!(hidden(r#""[{\"name\":\"DB_PASSWORD\",\"value\":\"hunter2\"}]""#), ["hunter2"]);
        assert_eq!(redacted(r#"{"password":"hunter2","a":1}"#), r#"{"password":"…","a":1}"#);
        assert_eq!(redacted("nothing"), "nothing");
    }

    #[test]
    fn secrets_have_forms() {
        assert_eq!(hidden("a postgres://app:hunter2@db/x b"), ["hunter2"]);
        assert_eq!(hidden("https://a.example:80/x@y"), [""; 0]);
        let key = "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----\nb";
        assert_eq!(hidden(key), ["\nhunter2\n"]);
        assert_eq!(hidden("-----BEGIN PRIVATE KEY-----é"), ["é"]);
    }

    #[test]
    fn tokens_are_secret_under_any_name() {
        let x = "x".repeat(60);
        for (text, told) in [
            ("name = \"ghp_0123456789abcdefghijABCDEFGHIJ012345\"", "name = \"ghp_…\""),
            ("A=AKIAIOSFODNN7EXAMPLE B", "A=AKIA… B"),
            ("\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc\"", "\"eyJ…\""),
            (&format!("https://hooks.slack.com/services/{x}"), "https://hooks.slack.com/services/…"),
            (&format!("x xoxb-{x}"), "x xoxb-…"),
        ] {
            assert_eq!(redacted(text), told);
        }
        for text in ["AKIA", "eyJhbGciOiJIUzI1NiJ9.abcdefghijklmnopqrstuvwxyz", "SKIAKIAIOSFODNN7EXAMPLE", "npm_config"]
        {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn lines_within_a_text_of_several_are_secret() {
        let last = |text: &str| {
            let start = text.rfind('\n').map_or(0, |at| at + 1);
            secrets_in(text, start..text.len()).len()
        };
        assert_eq!(last("password = <<END\na\nhunter2"), 1);
        assert_eq!(last("password = <<END\na\nEND\nb = hunter2"), 0);
        assert_eq!(last("a = <<END\na\nhunter2"), 0);
        assert_eq!(last("  Password: |\n    a\n\n    hunter2"), 1);
        assert_eq!(last("  Password: |\n    a\n  B: c"), 0);
    }

    #[test]
    fn an_open_text_is_seen_from_within() {
        let line = format!("{}\"password\": \"{}\"", "x".repeat(1000), "secret\\\"".repeat(500));
        for at in [1000, 1005, 1012, 1013, 2000, 3000] {
            let start = start_of(&line[..at]);
            assert!(at < 1000 + LONGEST_NAME || start < 1001, "{at} {start}");
            let hidden = secrets_in(&line, start..line.len());
            assert_eq!(hidden.len(), 1, "{at}");
            assert_eq!(hidden[0].start, 1013);
        }
        assert_eq!(start_of(&"a".repeat(1000)), 1000 - LONGEST_NAME);
    }

    #[test]
    fn of_values_only_the_names_are_told() {
        for (line, told) in [("a = \"x\"", "a ="), ("  \"a\": \"x\",", "  \"a\":"), ("  \"x\",", "")] {
            assert_eq!(&line[..values_in(line).start], told);
        }
    }
}
