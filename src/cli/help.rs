//! The examples that `--help` teaches by, a text for each command.

pub(super) const EXAMPLES: &str = "\
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
  iac-check . --config ci.toml                     with other settings than `.iac-check.toml`
  iac-check check --changed-files net/main.tf      the root modules that this file belongs to
  iac-check routes plan.json --subnet 'aws_subnet.private[0]'
  iac-check rules                                  what it looks for

Exit status: 0 nothing at or above --fail-on, 1 something, 2 it could not run.";

pub(super) const ROUTES_EXAMPLES: &str = "\
Examples:
  iac-check routes plan.json
  iac-check routes plan.json --subnet 'module.net.aws_subnet.private[\"b\"]'
  iac-check routes plan.json --format json | jq '.subnets[].next_hops'";

pub(super) const TRACE_EXAMPLES: &str = "\
Examples:
  iac-check trace plan.json --from internet --to aws_lb.front --port 443
  iac-check trace plan.json --from aws_ecs_service.app --to aws_db_instance.main --port 5432
  iac-check trace plan.json --from aws_lambda_function.job --to 203.0.113.7 --port 443 --format json";

pub(super) const EGRESS_EXAMPLES: &str = "\
Examples:
  iac-check egress plan.json
  iac-check egress infra/ --format json | jq '.addresses'

Where `.iac-check.toml` says which addresses partners admit (`egress.allowed`), each is marked.";

pub(super) const CHANGES_EXAMPLES: &str = "\
Examples:
  iac-check changes plan.json
  iac-check changes state.json infra/";

pub(super) const INSPECT_EXAMPLES: &str = "\
Examples:
  iac-check inspect plan.json
  iac-check inspect plan.json --format json | jq '.edges[] | select(.attribute == \"vpc_id\")'";

pub(super) const GRAPH_EXAMPLES: &str = "\
Examples:
  iac-check graph plan.json --format html > network.html    to look at, in any browser
  iac-check graph infra/ | tee network.mmd                  for a Markdown page on GitHub or GitLab
  iac-check graph plan.json --format dot | dot -Tsvg > network.svg";

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  iac-check completions bash > /etc/bash_completion.d/iac-check
  iac-check completions zsh > ~/.zfunc/_iac-check
  iac-check completions fish > ~/.config/fish/completions/iac-check.fish";

pub(super) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  iac-check explain nat_loop
  iac-check explain nat_loop | less";

pub(super) const RULES_EXAMPLES: &str = "\
Examples:
  iac-check rules
  iac-check rules --format markdown";
