//! Values for variables and parameters, as the file writes them, in the form in which the command line gives them.

use std::fmt::Write as _;

use toml::de::DeValue;

use super::{
    Trouble,
    reader::{Value, table_of, trouble},
};

/// Terraform's variables, each with its value as `--var` takes it: a text as it stands, anything else as an expression.
pub(super) fn variables_of(value: &Value<'_>) -> Result<Vec<(String, String)>, Trouble> {
    let table = table_of(value, "a table of variables, as in `region = \"eu-west-1\"`")?;
    let variable = |(key, value): (&toml::Spanned<toml::de::DeString<'_>>, &Value<'_>)| {
        let text = value.get_ref().as_str().map_or_else(|| expression(value.get_ref()), str::to_owned);
        (key.get_ref().clone().into_owned(), text)
    };
    Ok(table.iter().map(variable).collect())
}

/// Templates' parameters, each with its text: of a list, its members with commas between.
pub(super) fn parameters_of(value: &Value<'_>) -> Result<Vec<(String, String)>, Trouble> {
    let table = table_of(value, "a table of parameters, as in `Stage = \"prod\"`")?;
    let wanted = "a parameter is a text, a number, true or false, or a list of these";
    let scalar = |value: &Value<'_>| scalar(value.get_ref()).ok_or_else(|| trouble(value.span(), wanted));
    let parameter = |(key, value): (&toml::Spanned<toml::de::DeString<'_>>, &Value<'_>)| {
        let text = match value.get_ref().as_array() {
            Some(items) => items.iter().map(scalar).collect::<Result<Vec<_>, _>>()?.join(","),
            None => scalar(value)?,
        };
        Ok((key.get_ref().clone().into_owned(), text))
    };
    table.iter().map(parameter).collect()
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Integer(number) => Some(integer(number)),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(it) => Some(it.to_string()),
        DeValue::Datetime(it) => Some(it.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn integer(number: &toml::de::DeInteger<'_>) -> String {
    i64::from_str_radix(number.as_str(), number.radix()).map_or_else(|_| number.to_string(), |it| it.to_string())
}

/// An expression of Terraform's language. The reader of TOML refuses what is nested deeper than 80 levels.
fn expression(value: &DeValue<'_>) -> String {
    let mut text = String::new();
    write_expression(value, &mut text);
    text
}

fn write_expression(value: &DeValue<'_>, text: &mut String) {
    match value {
        DeValue::String(it) => quote(it, text),
        DeValue::Datetime(it) => quote(&it.to_string(), text),
        DeValue::Integer(it) => text.push_str(&integer(it)),
        DeValue::Float(it) => text.push_str(it.as_str()),
        DeValue::Boolean(it) => text.push_str(if *it { "true" } else { "false" }),
        DeValue::Array(items) => {
            text.push('[');
            for item in items {
                write_expression(item.get_ref(), text);
                text.push(',');
            }
            text.push(']');
        }
        DeValue::Table(table) => {
            text.push('{');
            for (key, value) in table {
                quote(key.get_ref(), text);
                text.push('=');
                write_expression(value.get_ref(), text);
                text.push(',');
            }
            text.push('}');
        }
    }
}

/// A text in the language's quotes, in which nothing is a template.
fn quote(value: &str, text: &mut String) {
    text.push('"');
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            '$' | '%' if characters.peek() == Some(&'{') => text.extend([character, character]),
            it if it.is_control() => {
                let _ = write!(text, "\\u{:04x}", u32::from(it));
            }
            it => text.push(it),
        }
    }
    text.push('"');
}
