//! What the file says, read.

use super::*;

fn read(text: &str) -> Result<Config, Trouble> {
    Config::read(Text { path: NAME, text, source: None })
}

const FILE: &str = r#"
exclude = ["examples/**", "old/"]

[rules]
nat_loop = "warning"
unused_route_table = "off"
shadowed_route = "off"

[[folders]]
paths = ["legacy/**"]
rules = { nat_loop = "off", shadowed_route = "note" }
"#;

#[test]
fn the_last_word_counts() {
    let config = read(FILE).unwrap();
    let warning = Setting::Severity(Severity::Warning);
    assert_eq!(config.setting("nat_loop", "net/main.tf"), Some(warning));
    assert_eq!(config.setting("nat_loop", "legacy/net/main.tf"), Some(Setting::Off));
    assert_eq!(config.setting("blackhole_route", "legacy/main.tf"), None);
    assert!(config.is_off("unused_route_table"), "nobody says otherwise");
    assert!(!config.is_off("shadowed_route") && !config.is_off("nat_loop"), "it is on somewhere");
}

#[test]
fn folders_are_left_out_whole() {
    let config = read(FILE).unwrap();
    assert!(config.is_excluded("examples/a/main.tf") && config.is_excluded("old/main.tf"));
    assert!(!config.is_excluded("net/examples/main.tf") && !config.is_excluded("older/main.tf"));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let wrong = |text: &str| {
        let trouble = read(text).unwrap_err();
        (text[trouble.bytes.clone()].to_owned(), trouble.message)
    };
    let (at, message) = wrong("ruels = {}\n");
    assert_eq!((at.as_str(), message.starts_with("there is no key `ruels` here")), ("ruels", true));
    let (at, message) = wrong("[rules]\nnat_lop = \"off\"\n");
    assert_eq!((at.as_str(), message.as_str()), ("nat_lop", "there is no rule `nat_lop`; did you mean `nat_loop`?"));
    assert_eq!(wrong("[rules]\nnat_loop = \"fatal\"\n").0, "\"fatal\"");
    assert_eq!(wrong("[rules]\nnat_loop = 1\n").0, "1");
    assert_eq!(wrong("exclude = \"a\"\n").0, "\"a\"");
    assert_eq!(wrong("exclude = [\"a\", 2]\n").0, "2");
    assert_eq!(wrong("exclude = [\"a[\"]\n").0, "\"a[\"");
    assert!(wrong("[[folders]]\nrules = {}\n").1.contains("`paths`"));
    assert!(wrong("[[folders]]\npath = []\n").1.contains("`paths`, `rules`"));
    assert_eq!(wrong("[outside]\nvpc_block_public_access = \"on\"\n").0, "\"on\"");
    assert_eq!(wrong("[outside.metadata_defaults]\nhttp_put_response_hop_limit = 65\n").0, "65");
    assert_eq!(wrong("[outside.metadata_defaults]\nhop_limit = 2\n").0, "hop_limit");
    assert_eq!(wrong("[outside.images]\n\"al2023-*\" = \"v3\"\n").0, "\"v3\"");
    assert_eq!(wrong("[egress]\nallowed = [\"203.0.113.7\", \"203.0.113.300\"]\n").0, "\"203.0.113.300\"");
    assert!(wrong("egress = {}\n").1.contains("`allowed`"));
    assert_eq!(wrong("[parameters]\nA = [{}]\n").0, "{}");
    assert_eq!(wrong("var_files = \"a.tfvars\"\n").0, "\"a.tfvars\"");
    assert!(wrong("[[allow]]\nrule = \"nat_loop\"\nresource = \"a.b\"\n").1.contains("`because`"));
    assert!(wrong("[[allow]]\nrule = \"nat_loop\"\nbecause = \"x\"\n").1.contains("`resource` or `paths`"));
    assert!(wrong("[[allow]]\nresource = \"a.b\"\nbecause = \"x\"\n").1.contains("`rule`"));
    assert_eq!(wrong("[[allow]]\nrule = \"nat_lop\"\n").0, "\"nat_lop\"");
    assert!(read("a = ").is_err());
}

const GIVEN: &str = r#"
var_files = ["all.tfvars"]

[variables]
region = "eu-west-1"
zones = ["a", "b"]
sizes = { small = 1, "large one" = 0x10 }
text = ["${not} a \"template\""]

[parameters]
Stage = "test"
Zones = ["a", "b"]

[outside]
vpc_block_public_access = "block-ingress"

[outside.images]
"al2023-ami-*" = "v2.0"

[[folders]]
paths = ["prod"]
var_files = ["prod.tfvars"]
parameters = { Stage = "prod" }
outside = { vpc_block_public_access = "off" }
egress = { allowed = ["203.0.113.7"] }
"#;

#[test]
fn what_is_given_is_given_as_the_command_line_gives_it() {
    let config = read(GIVEN).unwrap();
    let given = config.given("test/main.tf");
    let variables: Vec<_> = given.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected = [
        ("region", "eu-west-1"),
        ("sizes", "{\"large one\"=16,\"small\"=1,}"),
        ("text", "[\"$${not} a \\\"template\\\"\",]"),
        ("zones", "[\"a\",\"b\",]"),
    ];
    let mut sorted = variables.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert_eq!(given.parameters["Stage"], "test");
    assert_eq!(given.parameters["Zones"], "a,b");
    assert_eq!(given.outside.admitted, None);
}

#[test]
fn a_folder_has_the_last_word_on_what_it_is_given() {
    let config = read(GIVEN).unwrap();
    let given = config.given("prod/net/main.tf");
    assert_eq!(given.var_files.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(), ["all.tfvars", "prod.tfvars"]);
    assert_eq!(given.parameters["Stage"], "prod");
    assert_eq!(given.parameters["Zones"], "a,b");
    assert_eq!(given.outside.public_access.map(|it| it.value), Some(crate::outside::PublicAccessMode::Off));
    assert_eq!(given.outside.admitted, Some(vec!["203.0.113.7/32".parse().unwrap()]));
    assert_eq!(given.outside.images.len(), 1);
    assert_eq!(config.named().count(), 2);
}

#[test]
fn a_finding_is_allowed_by_rule_resource_and_place() {
    let text = "[[allow]]\nrule = \"nat_loop\"\nresource = \"module.*.aws_nat_gateway.a\"\npaths = [\"old\"]\nbecause = \"gone soon\"\n";
    let config = read(text).unwrap();
    let reason = |rule, resource, path| config.allow()[0].reason(rule, resource, path);
    assert_eq!(reason("nat_loop", Some("module.net.aws_nat_gateway.a"), "old/plan.json"), Some("gone soon"));
    assert_eq!(reason("nat_loop", Some("aws_nat_gateway.a"), "old/plan.json"), None);
    assert_eq!(reason("nat_loop", Some("module.net.aws_nat_gateway.a"), "new/plan.json"), None);
    assert_eq!(reason("shadowed_route", Some("module.net.aws_nat_gateway.a"), "old/plan.json"), None);
    assert_eq!(reason("nat_loop", None, "old/plan.json"), None);
}
