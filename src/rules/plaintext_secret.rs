//! Credentials in plain environment variables.

use super::Context;
use crate::{
    finding::{Findings, Label},
    network::environment::Credential,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for environment in &context.network.workloads.environments {
        let variables = environment.variables.iter().filter_map(|it| Some((it, it.credential()?)));
        let found: Vec<_> = variables.collect();
        let Some((variable, credential)) = found.first() else { continue };
        let names: Vec<_> = found.iter().map(|(it, _)| format!("`{}`", it.name)).collect();
        let place = match &environment.container {
            Some(container) => format!("container `{container}` of `{}`", environment.name.address),
            None => format!("`{}`", environment.name.address),
        };
        let why = match credential {
            Credential::Text => "written out",
            Credential::Form => "written out, by its form",
            Credential::Sensitive => "a value that the code marks as sensitive",
            Credential::Taken => "a value from where secrets are made or kept",
        };
        let message = format!(
            "{place} has {} {} in plain environment variables, the first {why}",
            if found.len() == 1 { "a credential," } else { "credentials," },
            names.join(", "),
        );
        let at = variable.value.origin.at;
        findings
            .report(Label::new(at, "whoever may describe it reads it").of(environment.name.address.as_str()), message)
            .help(match environment.container {
                Some(_) => "name the secret or the parameter in `secrets` of the container, by its ARN",
                None => "give the name of the secret or of the parameter, and read it when the program starts",
            });
    }
}
