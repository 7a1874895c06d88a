//! `iac-check rules`: the list of rules.

use super::{
    Context, Error, Outcome,
    arguments::{Rules, RulesFormat},
};
use crate::{report::rules::Format, rules::RULES};

pub(super) fn run(arguments: &Rules, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let format = match arguments.format {
        RulesFormat::Text => Format::Text,
        RulesFormat::Json => Format::Json,
        RulesFormat::Markdown => Format::Markdown,
    };
    format.write(RULES, context.stdout).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}
