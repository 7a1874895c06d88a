//! What can be asked for, and the help that says so.

use std::{ffi::OsString, str::FromStr};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::finding::Severity;

const EXAMPLES: &str = "\
Examples:
  terraform plan -out=tfplan && terraform show -json tfplan > plan.json
  iac-check plan.json                              what will not work, and why
  iac-check infra/ --var-file prod.tfvars          the same, from the code alone
  terraform show -json tfplan | iac-check -        the same, without a file between
  iac-check template.yaml --parameter Stage=prod   a CloudFormation template
  iac-check plan.json --output json=findings.json  for people, and as JSON beside it
  iac-check plan.json --format github              in a workflow: annotates, and fails
  iac-check plan.json --fail-on error              fails for errors only
  iac-check routes plan.json --subnet 'aws_subnet.private[0]'
  iac-check rules                                  what it looks for

Exit status: 0 nothing at or above --fail-on, 1 something, 2 it could not run.";

const ROUTES_EXAMPLES: &str = "\
Examples:
  iac-check routes plan.json
  iac-check routes plan.json --subnet 'module.net.aws_subnet.private[\"b\"]'
  iac-check routes plan.json --format json | jq '.subnets[].next_hops'";

const INSPECT_EXAMPLES: &str = "\
Examples:
  iac-check inspect plan.json
  iac-check inspect plan.json --format json | jq '.edges[] | select(.attribute == \"vpc_id\")'";

const RULES_EXAMPLES: &str = "\
Examples:
  iac-check rules
  iac-check rules --format markdown";

/// Reads infrastructure code and says, before anything is deployed, where packets will go and what will not work.
#[derive(Debug, Parser)]
#[command(
    name = "iac-check",
    version,
    about,
    after_help = EXAMPLES,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub check: Check,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find what will not work (the default command)
    #[command(after_help = EXAMPLES)]
    Check(Check),
    /// Show the route table in force in every subnet, and the next hops
    #[command(after_help = ROUTES_EXAMPLES)]
    Routes(Routes),
    /// Show every resource as evaluated, and who refers to whom
    #[command(after_help = INSPECT_EXAMPLES)]
    Inspect(Inspect),
    /// List the rules
    #[command(after_help = RULES_EXAMPLES)]
    Rules(Rules),
    /// Show a rule's page: what it means, why, and how to repair it
    Explain(Explain),
}

#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "what the user names are paths, whatever the options beside them are")]
pub(super) struct Paths {
    /// What to read: a folder of Terraform code, a CloudFormation template, or a plan or a state as `terraform show -json`
    /// prints it; `-` is
    /// standard input [default: this folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<OsString>,
    /// Give a variable of the root modules a value (repeatable; the last one wins)
    #[arg(long, value_name = "NAME=VALUE")]
    pub var: Vec<Variable>,
    /// Give variables the values in a `.tfvars` file (repeatable)
    #[arg(long, value_name = "FILE")]
    pub var_file: Vec<String>,
    /// Give a parameter of the templates a value; `AWS::Region=…` too (repeatable; the last one wins)
    #[arg(long, value_name = "NAME=VALUE")]
    pub parameter: Vec<Variable>,
    /// Give parameters the values in a file: as the AWS CLI, `CodePipeline` or the CDK write them, or a `samconfig.toml`
    /// (repeatable; `--parameter` wins)
    #[arg(long, value_name = "FILE")]
    pub parameters: Vec<String>,
    /// The code that a plan was made from: its folder, or the binary plan, which carries it [default: the plan's own
    /// folder, if it holds that code]
    #[arg(long, value_name = "DIR|TFPLAN")]
    pub source: Option<String>,
}

/// `NAME=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub name: String,
    pub value: String,
}

impl FromStr for Variable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() => Ok(Self { name: name.to_owned(), value: value.to_owned() }),
            Some(_) | None => Err("is no NAME=VALUE".to_owned()),
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    pub paths: Paths,
    /// What standard output gets
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write the report to FILE instead; FORMAT=FILE writes it there too, in another format (repeatable)
    #[arg(long, value_name = "[FORMAT=]FILE")]
    pub output: Vec<Output>,
    /// Leave out findings below LEVEL: they are neither shown nor counted
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = Level::Note)]
    pub severity: Level,
    /// Exit with 1 when a finding is at or above LEVEL
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Warning)]
    pub fail_on: FailOn,
    /// Ask only this rule (repeatable, or a list with commas)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Do not ask this rule (repeatable, or a list with commas)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Also show what may be, not only what must be
    #[arg(long)]
    pub possible: bool,
    /// Colours; auto: when a terminal shows them and `NO_COLOR` is not set
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub color: ColorChoice,
    /// Print findings and nothing else
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Also list the questions that could not be answered, and why
    #[arg(long, short)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
pub(super) struct Routes {
    #[command(flatten)]
    pub paths: Paths,
    /// Only this subnet
    #[arg(long, value_name = "ADDR")]
    pub subnet: Option<String>,
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
}

#[derive(Debug, Args)]
pub(super) struct Inspect {
    #[command(flatten)]
    pub paths: Paths,
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
}

#[derive(Debug, Args)]
pub(super) struct Rules {
    #[arg(long, value_enum, default_value_t = RulesFormat::Text)]
    pub format: RulesFormat,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The rule's name, as findings and `iac-check rules` have it
    #[arg(value_name = "RULE")]
    pub rule: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RulesFormat {
    Text,
    Json,
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    Error,
    Warning,
    Note,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// A file to write a report to, and in which format where that is not the run's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub format: Option<Format>,
    pub file: String,
}

impl Command {
    pub(super) const NAMES: &[&str] = &["check", "routes", "inspect", "rules", "explain"];
}

impl Level {
    pub(super) fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
        }
    }
}

impl FailOn {
    /// Whether a run whose worst finding is `worst` fails.
    pub(super) fn fails(self, worst: Option<Severity>) -> bool {
        let least = match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
            Self::Never => return false,
        };
        worst.is_some_and(|worst| least <= worst)
    }
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = match text.split_once('=') {
            // A name with a folder before the `=` is a file's.
            Some((format, file)) if !format.contains(['/', '\\', '.']) => (Some(format), file),
            Some(_) | None => (None, text),
        };
        if file.is_empty() {
            return Err("names no file; write FILE, or FORMAT=FILE".to_owned());
        }
        let format = format.map(|it| Format::from_str(it, false)).transpose().map_err(|_| {
            format!(
                "starts with no format: write text=FILE, json=FILE or github=FILE, or ./{text} for a file of that name"
            )
        })?;
        Ok(Self { format, file: file.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_is_named() {
        let command = Arguments::command();
        assert_eq!(command.get_subcommands().map(clap::Command::get_name).collect::<Vec<_>>(), Command::NAMES);
    }

    #[test]
    fn an_output_may_name_its_format() {
        let output = |text: &str| text.parse::<Output>().map(|it| (it.format, it.file));
        assert_eq!(output("out.json"), Ok((None, "out.json".to_owned())));
        assert_eq!(output("json=out.json"), Ok((Some(Format::Json), "out.json".to_owned())));
        assert_eq!(output("./a=b.json"), Ok((None, "./a=b.json".to_owned())));
        assert!(output("jsn=out.json").unwrap_err().contains("./jsn=out.json"));
        assert!(output("json=").is_err());
        assert!(output("").is_err());
    }
}
