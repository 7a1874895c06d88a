//! What can be asked for: the commands and their options.

use clap::{Args, Parser, Subcommand};

use super::help;

pub(super) use super::{
    choices::{ColorChoice, FailOn, Format, GraphFormat, Level, Output, Protocol, RulesFormat, TableFormat},
    given::Paths,
};

/// Reads infrastructure code and says, before anything is deployed, where packets will go and what will not work.
#[derive(Debug, Parser)]
#[command(
    name = "iac-check",
    version,
    about,
    after_help = help::EXAMPLES,
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
    #[command(after_help = help::EXAMPLES)]
    Check(Check),
    /// Show the route table in force in every subnet, and the next hops
    #[command(after_help = help::ROUTES_EXAMPLES)]
    Routes(Routes),
    /// Follow packets from one end to another, and their answers back, hop by hop
    #[command(after_help = help::TRACE_EXAMPLES)]
    Trace(Trace),
    /// Show the public addresses that each workload leaves from, and its ways to AWS's services
    #[command(after_help = help::EGRESS_EXAMPLES)]
    Egress(Egress),
    /// Show what a plan, or one input after another, changes in next hops, ways and egress addresses
    #[command(after_help = help::CHANGES_EXAMPLES)]
    Changes(Changes),
    /// Show every resource as evaluated, and who refers to whom
    #[command(after_help = help::INSPECT_EXAMPLES)]
    Inspect(Inspect),
    /// Draw the network: VPCs, zones, subnets, gateways, and the ways between them
    #[command(after_help = help::GRAPH_EXAMPLES)]
    Graph(Graph),
    /// List the rules
    #[command(after_help = help::RULES_EXAMPLES)]
    Rules(Rules),
    /// Show a rule's page: what it means, why, and how to repair it
    #[command(after_help = help::EXPLAIN_EXAMPLES)]
    Explain(Explain),
    /// Print what a shell needs to complete commands and options
    #[command(after_help = help::COMPLETIONS_EXAMPLES)]
    Completions(Completions),
    /// Print the manual page, as `man` reads it
    #[command(hide = true)]
    Man,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::terraform::Assignment;

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
}
