//! Names that would move the cursor, end the page or give orders to a build log, through every command and format.

use super::{Ended, folder, run};

/// The key of an instance, as JSON writes it: all that is hostile, in one.
pub(crate) const KEY: &str = r"a\n::error::x\r\n##[error]y ##vso[task.complete result=Failed;]\u001b[31m\u009b0m</script><script>alert(1)</script><img src=x onerror=alert(1)>|`*[x](javascript:alert(1))\u202e\u2066\u200b\u0000\u0007]]>&amp;%0A'";

/// A plan of an outage whose resources are named so.
fn plan() -> String {
    let address = |it: &str| format!("{it}[\\\"{KEY}\\\"]");
    let resource = |kind: &str, values: &str, unknown: &str| {
        format!(
            "{{\"address\":\"{}\",\"mode\":\"managed\",\"type\":\"{kind}\",\"name\":\"a\",\"index\":\"{KEY}\",\
             \"provider_name\":\"registry.terraform.io/hashicorp/aws\",\"change\":{{\"actions\":[\"create\"],\"before\":null,\
             \"after\":{values},\"after_unknown\":{unknown},\"before_sensitive\":false,\"after_sensitive\":{{}}}}}}",
            address(&format!("{kind}.a"))
        )
    };
    let configured = |kind: &str, expressions: &str| {
        format!(
            "{{\"address\":\"{kind}.a\",\"mode\":\"managed\",\"type\":\"{kind}\",\"name\":\"a\",\"provider_config_key\":\"aws\",\
             \"expressions\":{expressions},\"schema_version\":0,\"for_each_expression\":{{}}}}"
        )
    };
    format!(
        "{{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.4\",\"planned_values\":{{\"root_module\":{{}}}},\
         \"resource_changes\":[{},{},{}],\"configuration\":{{\"root_module\":{{\"resources\":[{},{},{}]}}}}}}",
        resource(
            "aws_vpc",
            &format!("{{\"cidr_block\":\"10.0.0.0/16\",\"tags\":{{\"Name\":\"{KEY}\"}}}}"),
            "{\"id\":true}"
        ),
        resource(
            "aws_subnet",
            &format!("{{\"cidr_block\":\"10.0.1.0/24\",\"availability_zone\":\"{KEY}\"}}"),
            "{\"id\":true,\"vpc_id\":true}"
        ),
        resource("aws_nat_gateway", "{\"connectivity_type\":\"public\"}", "{\"id\":true,\"subnet_id\":true}"),
        configured("aws_vpc", "{}"),
        configured("aws_subnet", "{\"vpc_id\":{\"references\":[\"aws_vpc.a\"]}}"),
        configured("aws_nat_gateway", "{\"subnet_id\":{\"references\":[\"aws_subnet.a\"]}}"),
    )
}

/// The same names in code, and in what a template allows.
fn files() -> Vec<(String, Vec<u8>)> {
    let key = KEY
        .replace("\\u0000", "")
        .replace("\\u001b", "\u{1b}")
        .replace("\\u009b", "\u{9b}")
        .replace("\\u0007", "\u{7}");
    let key = ["202e", "2066", "200b"].iter().fold(key, |key, it| {
        let character = char::from_u32(u32::from_str_radix(it, 16).unwrap()).unwrap();
        key.replace(&format!("\\u{it}"), &character.to_string())
    });
    let code = format!(
        "resource \"aws_vpc\" \"a\" {{\n  for_each   = toset([\"{key}\"])\n  cidr_block = \"10.0.0.0/16\"\n  tags = {{ Name = each.key }}\n}}\n\
         resource \"aws_subnet\" \"a\" {{\n  for_each   = aws_vpc.a\n  vpc_id     = each.value.id\n  cidr_block = \"10.0.1.0/24\"\n}}\n\
         resource \"aws_nat_gateway\" \"a\" {{\n  for_each  = aws_subnet.a\n  subnet_id = each.value.id\n}}\n\
         resource \"aws_route\" \"\u{202e}a\" {{\n  x = {{ \"{key}\" = nothing.there }}\n}}\n"
    );
    let template = format!(
        "{{\"AWSTemplateFormatVersion\":\"2010-09-09\",\"Resources\":{{\"V{KEY}\":{{\"Type\":\"AWS::EC2::VPC\",\"Properties\":{{\"CidrBlock\":\"10.0.0.0/16\"}}}},\
         \"S{KEY}\":{{\"Type\":\"AWS::EC2::Subnet\",\"Properties\":{{\"VpcId\":{{\"Ref\":\"V{KEY}\"}},\"CidrBlock\":\"10.0.1.0/24\"}}}},\
         \"N{KEY}\":{{\"Type\":\"AWS::EC2::NatGateway\",\"Properties\":{{\"SubnetId\":{{\"Ref\":\"S{KEY}\"}},\"AllocationId\":{{\"Ref\":\"{KEY}\"}}}}}}}}}}"
    );
    vec![
        ("code/main.tf".to_owned(), code.into_bytes()),
        ("plan.json".to_owned(), plan().into_bytes()),
        ("template.json".to_owned(), template.into_bytes()),
    ]
}

/// Every command in every format; `PATH` is what is asked about.
const QUESTIONS: &[&[&str]] = &[
    &["check", "PATH", "--possible", "--verbose"],
    &["check", "PATH", "--possible", "--format", "json"],
    &["check", "PATH", "--possible", "--format", "sarif"],
    &["check", "PATH", "--possible", "--format", "github"],
    &["check", "PATH", "--possible", "--format", "gitlab"],
    &["check", "PATH", "--possible", "--format", "junit"],
    &["check", "PATH", "--possible", "--format", "markdown"],
    &["check", "PATH", "--possible", "--format", "html"],
    &["routes", "PATH"],
    &["routes", "PATH", "--format", "json"],
    &["trace", "PATH", "--from", "10.0.1.5", "--to", "internet"],
    &["trace", "PATH", "--from", "10.0.1.5", "--to", "internet", "--format", "json"],
    &["egress", "PATH"],
    &["egress", "PATH", "--format", "json"],
    &["changes", "PATH"],
    &["changes", "PATH", "--format", "json"],
    &["graph", "PATH", "--format", "mermaid"],
    &["graph", "PATH", "--format", "dot"],
    &["graph", "PATH", "--format", "json"],
    &["graph", "PATH", "--format", "html"],
    &["inspect", "PATH"],
    &["inspect", "PATH", "--format", "json"],
];

#[test]
fn hostile_names_do_nothing_anywhere() {
    let files = files();
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    let folder = folder("names", &files);
    let mut named = 0;
    for path in ["code", "plan.json", "template.json"] {
        for question in QUESTIONS {
            let arguments: Vec<_> = question.iter().map(|it| if *it == "PATH" { path } else { it }).collect();
            let ended = run(&folder, &arguments);
            harmless(&arguments, &ended);
            named += usize::from(ended.stdout.contains("alert(1)"));
        }
    }
    // They were told, and so are what they look like.
    assert!(30 < named, "{named}");
}

pub(crate) fn harmless(arguments: &[&str], ended: &Ended) {
    let told = ended.all();
    let acted_upon = |it: char| {
        (it.is_control() && it != '\n')
            || matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!told.contains(acted_upon), "{arguments:?}: {:?} in {told}", told.find(acted_upon));
    assert!(!told.contains("##[error]") && !told.contains("##vso["), "{arguments:?}: {told}");
    let is_ours = |line: &str| arguments.contains(&"github") && !line.starts_with("::error::x");
    let order = told.lines().find(|line| line.starts_with("::") && !is_ours(line));
    assert!(order.is_none(), "{arguments:?}: {order:?}");
    let markup = if arguments.contains(&"html") {
        &["</script><script>alert", "<img src=x"][..]
    } else if arguments.contains(&"markdown") {
        &["<script>", "<img", "](javascript:"][..]
    } else if arguments.contains(&"junit") {
        &["<script>", "<img", "]]>&amp;%"][..]
    } else {
        &[]
    };
    for it in markup {
        assert!(!ended.stdout.contains(it), "{arguments:?}: {it} in {told}");
    }
    if arguments.iter().any(|it| matches!(*it, "json" | "sarif" | "gitlab")) && ended.status != 2 {
        serde_json::from_str::<serde_json::Value>(&ended.stdout).unwrap();
    }
    // A row of a table is as wide as the one before it, whatever stands in it.
    if arguments.contains(&"markdown") {
        let columns = |line: &str| line.replace("\\|", "").matches('|').count();
        let lines: Vec<_> = told.lines().collect();
        let rows = lines.windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|')));
        let odd = rows.into_iter().find(|pair| columns(pair[0]) != columns(pair[1]));
        assert!(odd.is_none(), "{odd:?}");
    }
}
