//! What every command is given to read, and with what: paths, variables, parameters.

use std::{ffi::OsString, num::NonZeroUsize, str::FromStr};

use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};

use crate::terraform::Assignment;

#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_field_names, reason = "what the user names are paths, whatever the options beside them are")]
pub(super) struct Paths {
    /// What to read: a folder of Terraform code, a CloudFormation template, or a plan or a state as `terraform show -json`
    /// prints it; `-` is
    /// standard input [default: this folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<OsString>,
    #[command(flatten)]
    pub given: Given,
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
    /// How many threads work at once; the output is the same with any number [default: as many as the machine has cores]
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Read this configuration [default: `.iac-check.toml` here or above, up to the repository's root]
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}

/// What variables are given, in the order of the command line: the last one wins, be it a value or a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub assignments: Vec<Assignment>,
}

impl Given {
    const VALUE: &str = "var";
    const FILE: &str = "var_file";
}

impl Args for Given {
    fn augment_args(command: clap::Command) -> clap::Command {
        let value = Arg::new(Self::VALUE)
            .long("var")
            .value_name("NAME=VALUE")
            .action(ArgAction::Append)
            .value_parser(Variable::from_str)
            .help("Give a variable of the root modules a value (repeatable; the last one wins)");
        let file = Arg::new(Self::FILE)
            .long("var-file")
            .value_name("FILE")
            .action(ArgAction::Append)
            .help("Give variables the values in a `.tfvars` file (repeatable)");
        command.arg(value).arg(file)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let places = |id: &str| matches.indices_of(id).map(Iterator::collect::<Vec<_>>).unwrap_or_default();
        let values = matches.get_many::<Variable>(Self::VALUE).into_iter().flatten().cloned();
        let values = values.map(|Variable { name, value }| Assignment::Value { name, value });
        let files = matches.get_many::<String>(Self::FILE).into_iter().flatten().cloned().map(Assignment::File);
        let mut ordered: Vec<_> = places(Self::VALUE).into_iter().zip(values).collect();
        ordered.extend(places(Self::FILE).into_iter().zip(files));
        ordered.sort_by_key(|(place, _)| *place);
        Ok(Self { assignments: ordered.into_iter().map(|(_, assignment)| assignment).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
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
