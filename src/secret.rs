//! What is secret by its name, and how a line of text is shown without it.
//!
//! Terraform itself marks values as sensitive, and those are told nowhere. What code writes out under a name such as
//! `password` is as secret, whether or not anything says so; the AWS provider's schema marks the same names.

use std::ops::Range;

/// The endings of names whose text is secret: `db_password` as well as `password`.
const ENDINGS: &[&str] = &[
    "access_token",
    "api_key",
    "auth_token",
    "client_secret",
    "key_material",
    "key_material_base64",
    "oauth_token",
    "passphrase",
    "passwd",
    "password",
    "password_wo",
    "passwords",
    "preshared_key",
    "private_key",
    "private_key_pem",
    "secret",
    "secret_access_key",
    "secret_binary",
    "secret_key",
    "secret_string",
    "secret_string_wo",
    "secret_token",
    "shared_secret",
    "ssh_key",
    "token",
];

/// How far before its value a name begins at most.
const LONGEST_NAME: usize = 128;

/// Attributes that the AWS provider's schema marks and whose names do not show it.
const MARKED: &[(&str, &str)] = &[
    ("aws_acm_certificate", "certificate_body"),
    ("aws_amplify_app", "basic_auth_credentials"),
    ("aws_amplify_branch", "basic_auth_credentials"),
    ("aws_cloudwatch_event_connection", "value"),
    ("aws_dms_endpoint", "sasl_password"),
    ("aws_glue_connection", "connection_properties"),
    ("aws_mwaa_environment", "airflow_configuration_options"),
    ("aws_ssm_parameter", "value"),
    ("aws_ssm_parameter", "value_wo"),
    ("kubernetes_secret", "data"),
    ("kubernetes_secret_v1", "data"),
];

/// Whether the text of the attribute `name` of a resource of type `kind` is secret.
pub fn is_secret(kind: &str, name: &str) -> bool {
    is_secret_name(name) || MARKED.contains(&(kind, name))
}

/// Whether what goes by this name is secret, whatever it belongs to.
pub fn is_secret_name(name: &str) -> bool {
    let ends_with = |ending: &&str| {
        // Without a word before it, or with one.
        let Some(before) = name.len().checked_sub(ending.len()) else { return false };
        name.as_bytes()[before..].eq_ignore_ascii_case(ending.as_bytes())
            && (before == 0 || matches!(name.as_bytes()[before - 1], b'_' | b'-' | b'.'))
    };
    ENDINGS.iter().any(ends_with)
}

/// What of a line of code or JSON is secret: the quoted text after `name =` and `"name":`, where the name is secret.
pub fn secrets_in(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = line[at..].find(['=', ':']) {
        let sign = at + offset;
        at = sign + 1;
        if !is_secret_name(name_before(&line[..sign])) {
            continue;
        }
        let rest = line[at..].trim_start_matches([' ', '\t']);
        let start = line.len() - rest.len();
        if rest.starts_with('"') {
            let end = closing_quote(line, start + 1);
            found.push(start + 1..end);
            at = end;
        }
    }
    found
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
    let mut start = open.saturating_sub(LONGEST_NAME);
    while !before.is_char_boundary(start) {
        start -= 1;
    }
    start
}

/// What of a line of values is not shown: all but the names.
pub fn values_in(line: &str) -> Range<usize> {
    line.find(['=', ':']).map_or(0, |at| at + 1)..line.len()
}

/// The last word of `text`, which may stand in quotes.
fn name_before(text: &str) -> &str {
    let text = text.trim_end_matches([' ', '\t']);
    let text = text.strip_suffix('"').unwrap_or(text);
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    &text[text.trim_end_matches(is_part).len()..]
}

/// Where the text that starts at `start` ends: at its quote, or with the line.
fn closing_quote(line: &str, start: usize) -> usize {
    let mut is_escaped = false;
    for (at, byte) in line.bytes().enumerate().skip(start) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at,
            _ => (),
        }
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(line: &str) -> Vec<&str> {
        secrets_in(line).into_iter().map(|range| &line[range]).collect()
    }

    #[test]
    fn a_name_is_secret_by_its_last_words() {
        for name in ["password", "master_password", "secret_string", "DB_PASSWORD", "auth-token", "private_key"] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["", "password_length", "http_tokens", "kms_key_id", "key_name", "secretary", "value", "xpassword"]
        {
            assert!(!is_secret_name(name), "{name}");
        }
        assert!(is_secret("aws_ssm_parameter", "value"));
        assert!(!is_secret("aws_ec2_tag", "value"));
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
    fn an_open_text_is_seen_from_within() {
        let line = format!("{}\"password\": \"{}\"", "x".repeat(1000), "secret\\\"".repeat(500));
        for at in [1000, 1005, 1012, 1013, 2000, 3000] {
            let start = start_of(&line[..at]);
            assert!(at < 1000 + LONGEST_NAME || start < 1001, "{at} {start}");
            let hidden = secrets_in(&line[start..]);
            assert_eq!(hidden.len(), 1, "{at}");
            assert_eq!(start + hidden[0].start, 1013);
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
