//! The whole program: a network of any shape, and one of its commands over it.
#![no_main]

mod run;

use arbitrary::Arbitrary;
use iac_check::files::Memory;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    question: u8,
    is_run_twice: bool,
    /// Where the code lies.
    folder: String,
    resources: Vec<Resource>,
    plan: String,
    settings: String,
}

#[derive(Arbitrary, Debug)]
struct Resource {
    kind: u8,
    is_counted: bool,
    /// The keys of its instances.
    keys: Vec<String>,
    /// What is allowed of it, and why.
    allowance: Option<(u8, String)>,
    attributes: Vec<(u8, Setting)>,
}

#[derive(Arbitrary, Debug)]
enum Setting {
    Reference(u8),
    Word(u8),
    Block(u32, u8),
    Number(i32),
    Bool(bool),
    Unknown,
    Odd(String),
    List(Vec<Setting>),
    Nested(Vec<(u8, Setting)>),
}

/// What a network is made of.
const KINDS: &[&str] = &[
    "aws_vpc",
    "aws_subnet",
    "aws_route_table",
    "aws_route",
    "aws_route_table_association",
    "aws_main_route_table_association",
    "aws_internet_gateway",
    "aws_nat_gateway",
    "aws_egress_only_internet_gateway",
    "aws_vpc_peering_connection",
    "aws_ec2_transit_gateway",
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_ec2_transit_gateway_route",
    "aws_ec2_transit_gateway_route_table",
    "aws_vpc_endpoint",
    "aws_security_group",
    "aws_security_group_rule",
    "aws_network_acl",
    "aws_network_acl_rule",
    "aws_instance",
    "aws_network_interface",
    "aws_lb",
    "aws_lb_listener",
    "aws_lb_target_group",
    "aws_lb_target_group_attachment",
    "aws_lambda_function",
    "aws_ecs_service",
    "aws_ecs_task_definition",
    "aws_eip",
    "aws_ec2_managed_prefix_list",
    "aws_vpc_ipv4_cidr_block_association",
    "aws_default_route_table",
];

const NAMES: &[&str] = &[
    "vpc_id", "cidr_block", "subnet_id", "subnet_ids", "subnets", "route_table_id", "route", "gateway_id",
    "nat_gateway_id", "destination_cidr_block", "destination_ipv6_cidr_block", "ipv6_cidr_block", "transit_gateway_id",
    "vpc_peering_connection_id", "peer_vpc_id", "network_interface_id", "vpc_endpoint_id", "connectivity_type",
    "allocation_id", "security_groups", "vpc_security_group_ids", "security_group_id", "ingress", "egress", "from_port",
    "to_port", "protocol", "cidr_blocks", "type", "rule_number", "rule_action", "rule_no", "action",
    "availability_zone", "map_public_ip_on_launch", "associate_public_ip_address", "load_balancer_arn", "port",
    "target_group_arn", "target_id", "target_type", "default_action", "vpc_config", "security_group_ids",
    "network_configuration", "task_definition", "container_definitions", "network_mode", "launch_type", "internal",
    "load_balancer_type", "subnet_mapping", "destination_prefix_list_id", "entry", "cidr", "service_name",
    "vpc_endpoint_type", "route_table_ids", "default_route_table_id", "auto_accept", "idle_timeout", "desired_count",
    "environment", "variables", "assign_public_ip", "network_acl_id", "transit_gateway_attachment_id",
    "transit_gateway_route_table_id", "private_ip", "source_dest_check", "ipv6_native", "tags", "region",
];

const WORDS: &[&str] = &[
    "0.0.0.0/0", "::/0", "10.0.0.0/16", "10.0.1.0/24", "tcp", "udp", "-1", "icmp", "allow", "deny", "ingress", "egress",
    "ip", "instance", "lambda", "network", "application", "gateway", "private", "public", "Gateway", "Interface",
    "com.amazonaws.us-east-1.s3", "us-east-1a", "us-east-1b", "awsvpc", "FARGATE", "EC2", "forward", "", "10.0.0.5",
];

/// The code of these resources.
fn code(resources: &[Resource]) -> String {
    let mut text = "variable \"unknown\" {}\n".to_owned();
    for (at, resource) in resources.iter().take(24).enumerate() {
        let kind = KINDS[usize::from(resource.kind) % KINDS.len()];
        if let Some((rule, why)) = &resource.allowance {
            let rule = iac_check::rules::RULES[usize::from(*rule) % iac_check::rules::RULES.len()].name;
            text.push_str(&format!("# iac-check: allow({rule}) because {}\n", why.replace(['\n', '\r'], " ")));
        }
        text.push_str(&format!("resource \"{kind}\" \"it{at}\" {{\n"));
        if !resource.keys.is_empty() {
            let keys: Vec<_> = resource.keys.iter().take(3).map(|it| quoted(it)).collect();
            text.push_str(&format!("  for_each = toset([{}])\n", keys.join(", ")));
        } else if resource.is_counted {
            text.push_str("  count = 2\n");
        }
        write_body(&resource.attributes, resources, &mut text, 3);
        text.push_str("}\n");
    }
    text
}

/// Any text, as HCL has it.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for it in text.chars().take(40) {
        match it {
            '"' | '\\' => out.extend(['\\', it]),
            it if it.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(it))),
            it => out.push(it),
        }
    }
    out.replace("${", "$${").replace("%{", "%%{") + "\""
}

fn write_body(attributes: &[(u8, Setting)], resources: &[Resource], text: &mut String, depth: usize) {
    for (name, setting) in attributes.iter().take(16) {
        let name = NAMES[usize::from(*name) % NAMES.len()];
        match (setting, depth.checked_sub(1)) {
            (Setting::Nested(inner), Some(depth)) => {
                text.push_str(&format!("{name} {{\n"));
                write_body(inner, resources, text, depth);
                text.push_str("}\n");
            }
            _ => {
                text.push_str(&format!("{name} = "));
                write_setting(setting, resources, text, depth);
                text.push('\n');
            }
        }
    }
}

fn write_setting(setting: &Setting, resources: &[Resource], text: &mut String, depth: usize) {
    match setting {
        Setting::Reference(to) if !resources.is_empty() => {
            let to = usize::from(*to) % resources.len().min(24);
            let kind = KINDS[usize::from(resources[to].kind) % KINDS.len()];
            let item = match resources[to].keys.first() {
                Some(key) => format!("[{}]", quoted(key)),
                None if resources[to].is_counted => "[0]".to_owned(),
                None => String::new(),
            };
            text.push_str(&format!("{kind}.it{to}{item}.id"));
        }
        Setting::Word(at) => text.push_str(&format!("\"{}\"", WORDS[usize::from(*at) % WORDS.len()])),
        Setting::Block(address, length) => {
            let address = std::net::Ipv4Addr::from(*address);
            text.push_str(&format!("\"{address}/{}\"", length % 34));
        }
        Setting::Number(it) => text.push_str(&it.to_string()),
        Setting::Bool(it) => text.push_str(if *it { "true" } else { "false" }),
        Setting::Odd(it) => text.push_str(&quoted(it)),
        Setting::List(items) if depth != 0 => {
            text.push('[');
            for item in items.iter().take(4) {
                write_setting(item, resources, text, depth - 1);
                text.push_str(", ");
            }
            text.push(']');
        }
        Setting::Reference(_) | Setting::Unknown | Setting::List(_) | Setting::Nested(_) => text.push_str("var.unknown"),
    }
}

const QUESTIONS: &[&[&str]] = &[
    &["check", ".", "--possible", "--verbose"],
    &["check", ".", "--possible", "--format", "json"],
    &["check", ".", "--possible", "--format", "sarif"],
    &["check", ".", "--possible", "--format", "github"],
    &["check", ".", "--possible", "--format", "gitlab"],
    &["check", ".", "--possible", "--format", "junit"],
    &["check", ".", "--possible", "--format", "markdown"],
    &["check", ".", "--possible", "--format", "html"],
    &["check", "plan.json", "--source", "."],
    &["check", ".", "--var-file", "values.tfvars", "--parameters", "plan.json", "--baseline", "plan.json"],
    &["routes", "."],
    &["routes", ".", "--format", "json"],
    &["trace", ".", "--from", "10.0.0.1", "--to", "internet"],
    &["trace", ".", "--from", "internet", "--to", "10.0.0.1", "--port", "443", "--format", "json"],
    &["egress", "."],
    &["egress", ".", "--format", "json"],
    &["changes", "plan.json"],
    &["changes", "plan.json", ".", "--format", "json"],
    &["graph", "."],
    &["graph", ".", "--format", "dot"],
    &["graph", ".", "--format", "json"],
    &["graph", ".", "--format", "html"],
    &["inspect", "."],
    &["inspect", ".", "--format", "json"],
];

fuzz_target!(|input: Input| {
    let code = code(&input.resources);
    let folder: String = input.folder.chars().take(24).collect();
    let main = if folder.is_empty() { "main.tf".to_owned() } else { format!("{folder}/main.tf") };
    let files = Memory::of([
        (main.as_str(), code.as_str()),
        ("plan.json", input.plan.as_str()),
        ("values.tfvars", "unknown = true"),
        (".iac-check.toml", input.settings.as_str()),
    ]);
    let question = QUESTIONS[usize::from(input.question) % QUESTIONS.len()];
    if input.is_run_twice {
        run::run_twice(&files, question);
    } else {
        run::run(&files, question);
    }
});
