//! What is secret by its name, and how a text is shown without it.
//!
//! Terraform itself marks values as sensitive, and those are told nowhere. What code writes out under a name such as
//! `password` is as secret, whether or not anything says so; the AWS provider's schema marks the same names.

mod text;

use std::borrow::Cow;

pub use text::{redacted, secrets_in, start_of, values_in};

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

/// Names whose values are shown nowhere either, though nothing else follows from them: they may hold a secret, and their
/// text decides nothing that a reader has to see. Scripts say what they say in too many ways to tell their secrets apart.
const NEVER_SHOWN: &[&str] = &[
    "apikey",
    "connection_string",
    "credentials",
    "custom_data",
    "pass",
    "pgpassword",
    "pwd",
    "secrets",
    "user_data",
    "user_data_base64",
    "userdata",
];

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
    ("AWS::SSM::Parameter", "Value"),
    ("kubernetes_secret", "data"),
    ("kubernetes_secret_v1", "data"),
];

/// Whether the text of the attribute `name` of a resource of type `kind` is secret.
pub fn is_secret(kind: &str, name: &str) -> bool {
    is_secret_name(name) || MARKED.contains(&(kind, name))
}

/// Whether what goes by this name is secret, whatever it belongs to: `db_password`, `DB_PASSWORD`, `dbPassword`.
pub fn is_secret_name(name: &str) -> bool {
    ends_with_one_of(&in_one_spelling(name), ENDINGS)
}

/// Whether the value of the attribute `name` of a resource of type `kind` is shown nowhere.
pub fn is_hidden(kind: &str, name: &str) -> bool {
    is_hidden_name(name) || MARKED.contains(&(kind, name))
}

/// Whether what goes by this name is shown nowhere, whatever it belongs to.
pub fn is_hidden_name(name: &str) -> bool {
    let name = in_one_spelling(name);
    ends_with_one_of(&name, ENDINGS) || ends_with_one_of(&name, NEVER_SHOWN)
}

/// Whether `name` is one of `endings`, or ends with one as its last words.
fn ends_with_one_of(name: &str, endings: &[&str]) -> bool {
    let is_end = |ending: &&str| name.strip_suffix(*ending).is_some_and(|it| it.is_empty() || it.ends_with('_'));
    endings.iter().any(is_end)
}

/// A name in small letters, `_` between its words: `MasterUserPassword` and `DB-Password` as Terraform would write them.
fn in_one_spelling(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|it| !it.is_ascii_uppercase() && !matches!(it, b'-' | b'.')) {
        return Cow::Borrowed(name);
    }
    let mut spelt = String::with_capacity(name.len() + 4);
    let mut before: Option<char> = None;
    let mut rest = name.chars().peekable();
    while let Some(it) = rest.next() {
        let starts_word = it.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() || rest.peek().is_some_and(char::is_ascii_lowercase)
            });
        if starts_word && !spelt.ends_with('_') {
            spelt.push('_');
        }
        spelt.push(if matches!(it, '-' | '.') { '_' } else { it.to_ascii_lowercase() });
        before = Some(it);
    }
    Cow::Owned(spelt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_secret_by_its_last_words() {
        for name in [
            "password",
            "master_password",
            "secret_string",
            "DB_PASSWORD",
            "auth-token",
            "private_key",
            "MasterUserPassword",
            "DBPassword",
            "apiKey",
            "SecretString",
            "a.password",
        ] {
            assert!(is_secret_name(name) && is_hidden_name(name), "{name}");
        }
        for name in
            ["", "password_length", "http_tokens", "kms_key_id", "key_name", "secretary", "value", "xpassword", "Key"]
        {
            assert!(!is_secret_name(name) && !is_hidden_name(name), "{name}");
        }
        for name in ["UserData", "user_data", "PGPASSWORD", "DB_PASS", "credentials"] {
            assert!(!is_secret_name(name) && is_hidden_name(name), "{name}");
        }
        assert!(is_secret("aws_ssm_parameter", "value") && is_hidden("AWS::SSM::Parameter", "Value"));
        assert!(!is_secret("aws_ec2_tag", "value") && !is_hidden("AWS::EC2::Tag", "Value"));
    }
}
