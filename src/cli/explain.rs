//! `iac-check explain`: the page of one rule.

use super::{Context, Error, Outcome, arguments::Explain, check::no_such_rule};
use crate::{report::rules::write_page, rules};

pub(super) fn run(arguments: &Explain, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let rule = rules::find(&arguments.rule).ok_or_else(|| no_such_rule(&arguments.rule))?;
    write_page(rule, context.stdout).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}
