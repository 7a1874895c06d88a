//! What can be asked for, and the help that says so.

use std::{ffi::OsString, str::FromStr};

use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::{finding::Severity, terraform::Assignment};

const EXAMPLES: &str = "\
Examples:
  terraform plan -out=tfplan && terraform show -json tfplan > plan.json
  iac-check plan.json                              what will not work, and why
  iac-check infra/ --var-file prod.tfvars          the same, from the code alone
  terraform show -json tfplan | iac-check -        the same, without a file between
  iac-check template.yaml --parameter Stage=prod   a CloudFormation template
  iac-check plan.json --output json=findings.json  for people, and as JSON beside it
  iac-check plan.json --format github              in a workflow: annotates, and fails
  iac-check plan.json --output html=network.html   the network drawn, findings lit up on it
  iac-check plan.json --fail-on error              fails for errors only
  iac-check . --write-baseline known.json          takes what there is as known,
  iac-check . --baseline known.json                and fails for what is new
  iac-check routes plan.json --subnet 'aws_subnet.private[0]'
  iac-check rules                                  what it looks for

Exit status: 0 nothing at or above --fail-on, 1 something, 2 it could not run.";

const ROUTES_EXAMPLES: &str = "\
Examples:
  iac-check routes plan.json
  iac-check routes plan.json --subnet 'module.net.aws_subnet.private[\"b\"]'
  iac-check routes plan.json --format json | jq '.subnets[].next_hops'";

const TRACE_EXAMPLES: &str = "\
Examples:
  iac-check trace plan.json --from internet --to aws_lb.front --port 443
  iac-check trace plan.json --from aws_ecs_service.app --to aws_db_instance.main --port 5432
  iac-check trace plan.json --from aws_lambda_function.job --to 203.0.113.7 --port 443 --format json";

const EGRESS_EXAMPLES: &str = "\
Examples:
  iac-check egress plan.json
  iac-check egress infra/ --format json | jq '.addresses'";

const CHANGES_EXAMPLES: &str = "\
Examples:
  iac-check changes plan.json
  iac-check changes state.json infra/";

const INSPECT_EXAMPLES: &str = "\
Examples:
  iac-check inspect plan.json
  iac-check inspect plan.json --format json | jq '.edges[] | select(.attribute == \"vpc_id\")'";

const GRAPH_EXAMPLES: &str = "\
Examples:
  iac-check graph plan.json --format html > network.html    to look at, in any browser
  iac-check graph infra/ | tee network.mmd                  for a Markdown page on GitHub or GitLab
  iac-check graph plan.json --format dot | dot -Tsvg > network.svg";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  iac-check completions bash > /etc/bash_completion.d/iac-check
  iac-check completions zsh > ~/.zfunc/_iac-check
  iac-check completions fish > ~/.config/fish/completions/iac-check.fish";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  iac-check explain nat_loop
  iac-check explain nat_loop | less";

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
    /// Follow packets from one end to another, and their answers back, hop by hop
    #[command(after_help = TRACE_EXAMPLES)]
    Trace(Trace),
    /// Show the public addresses that each workload leaves from, and its ways to AWS's services
    #[command(after_help = EGRESS_EXAMPLES)]
    Egress(Egress),
    /// Show what a plan, or one input after another, changes in next hops, ways and egress addresses
    #[command(after_help = CHANGES_EXAMPLES)]
    Changes(Changes),
    /// Show every resource as evaluated, and who refers to whom
    #[command(after_help = INSPECT_EXAMPLES)]
    Inspect(Inspect),
    /// Draw the network: VPCs, zones, subnets, gateways, and the ways between them
    #[command(after_help = GRAPH_EXAMPLES)]
    Graph(Graph),
    /// List the rules
    #[command(after_help = RULES_EXAMPLES)]
    Rules(Rules),
    /// Show a rule's page: what it means, why, and how to repair it
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(Explain),
    /// Print what a shell needs to complete commands and options
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(Completions),
    /// Print the manual page, as `man` reads it
    #[command(hide = true)]
    Man,
}

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

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that a user gives or does not")]
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
    /// Leave out the findings that FILE knows: only what is new is shown, and fails
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<String>,
    /// Write the findings of this run to FILE as a baseline, and do not fail for them
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<String>,
    /// Read this configuration [default: `.iac-check.toml` here or above, up to the repository's root]
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
    /// The paths are files that a change touches: check the root modules that they belong to, and the plans and templates
    /// among them
    #[arg(long)]
    pub changed_files: bool,
    /// Show only what a plan brings: findings that are not there, in the same words, before it is applied. Needs a plan;
    /// where code, a state or a template is given beside one, all of its findings are shown
    #[arg(long)]
    pub changed_only: bool,
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
pub(super) struct Trace {
    #[command(flatten)]
    pub paths: Paths,
    /// Who sends: a resource, an address, a block, or `internet`
    #[arg(long, value_name = "A")]
    pub from: String,
    /// Who is to get it: a resource, an address, a block, or `internet`
    #[arg(long, value_name = "B")]
    pub to: String,
    /// The port that B is asked on [default: every port]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    #[arg(long, value_enum, default_value_t = Protocol::Tcp)]
    pub protocol: Protocol,
    /// The port that A asks from [default: every port that a client of its kind uses]
    #[arg(long, value_name = "N")]
    pub source_port: Option<u16>,
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
}

#[derive(Debug, Args)]
pub(super) struct Egress {
    #[command(flatten)]
    pub paths: Paths,
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
}

#[derive(Debug, Args)]
pub(super) struct Changes {
    #[command(flatten)]
    pub paths: Paths,
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
pub(super) struct Graph {
    #[command(flatten)]
    pub paths: Paths,
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
    pub format: GraphFormat,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    pub shell: clap_complete::Shell,
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
    Sarif,
    Github,
    Gitlab,
    Junit,
    Markdown,
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    Mermaid,
    Dot,
    Json,
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Protocol {
    Tcp,
    Udp,
    /// An echo request
    Icmp,
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
    pub(super) const NAMES: &[&str] = &[
        "check",
        "routes",
        "trace",
        "egress",
        "changes",
        "inspect",
        "graph",
        "rules",
        "explain",
        "completions",
        "man",
    ];
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
        self.severity().is_some_and(|least| worst.is_some_and(|worst| least <= worst))
    }

    /// The mildest finding that fails a run.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
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
            let formats = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
            let formats: Vec<_> = formats.map(|it| it.get_name().to_owned()).collect();
            format!(
                "starts with no format: write FORMAT=FILE, FORMAT being {}, or ./{text} for a file of that name",
                formats.join(", ")
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
    fn values_and_files_keep_their_common_order() {
        let given = |arguments: &[&str]| {
            let parsed = Arguments::try_parse_from(["iac-check"].iter().chain(arguments)).unwrap();
            let paths = match parsed.command {
                Some(Command::Routes(routes)) => routes.paths,
                _ => parsed.check.paths,
            };
            paths.given.assignments
        };
        let value = |value: &str| Assignment::Value { name: "a".to_owned(), value: value.to_owned() };
        let file = |name: &str| Assignment::File(name.to_owned());
        let expected = [value("1"), file("x"), value("2=3"), file("y")];
        assert_eq!(given(&["--var", "a=1", "--var-file", "x", "--var=a=2=3", "--var-file=y", "."]), expected);
        assert_eq!(given(&["routes", "--var-file", "y", "--var", "a=1"]), [file("y"), value("1")]);
        assert_eq!(given(&["."]), []);
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
