//! Modules, inputs, overrides, providers, and the way that values come.

use super::{evaluate_files, inputs};
use crate::{
    files::Memory,
    finding::Severity,
    terraform::{Assignment, Inputs, roots, roots_of},
};

const NET: &str = "variable \"cidr\" {\n  type = string\n}\nvariable \"name\" {\n  default = \"net\"\n}\nresource \"aws_vpc\" \"this\" {\n  cidr_block = var.cidr\n  tags = {\n    Name = var.name\n  }\n}\noutput \"id\" {\n  value = aws_vpc.this.id\n}\noutput \"cidr\" {\n  value = var.cidr\n}\n";

#[test]
fn modules_take_arguments_and_give_outputs() {
    let main = "locals {\n  block = \"10.0.0.0/16\"\n}\nmodule \"net\" {\n  source = \"./net\"\n  cidr = local.block\n}\nresource \"aws_subnet\" \"a\" {\n  vpc_id = module.net.id\n  cidr_block = module.net.cidr\n}\n";
    let it = evaluate_files(&[("main.tf", main), ("net/main.tf", NET)], &Inputs::default());
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(it.addresses(), ["aws_subnet.a", "module.net.aws_vpc.this"]);
    assert_eq!(it.at("aws_subnet.a", "vpc_id"), "<module.net.aws_vpc.this.id>");
    assert_eq!(it.at("aws_subnet.a", "cidr_block"), "\"10.0.0.0/16\"");
    assert_eq!(it.way("module.net.aws_vpc.this", "cidr_block"), ["var.cidr", "local.block", "\"10.0.0.0/16\""]);
    assert_eq!(it.way("aws_subnet.a", "vpc_id"), ["module.net.id", "aws_vpc.this.id"]);
    let tags = it.body("module.net.aws_vpc.this").get("tags").unwrap();
    let name = &tags.get("Name").unwrap().origin;
    assert_eq!(it.sources.text(name.at), "var.name");
    assert_eq!(it.sources.text(name.through.as_ref().unwrap().at), "\"net\"");
}

#[test]
fn modules_are_repeated() {
    let main = "module \"net\" {\n  for_each = {\n    a = \"10.0.0.0/16\"\n    b = \"10.1.0.0/16\"\n  }\n  source = \"./net\"\n  cidr = each.value\n}\nmodule \"two\" {\n  count = 2\n  source = \"./net\"\n  cidr = \"10.${count.index}.0.0/16\"\n}\nresource \"x\" \"x\" {\n  for_each = module.net\n  vpc = each.value.id\n  one = module.two[1].cidr\n  all = module.two[*].id\n  keyed = module.net[\"b\"].cidr\n}\n";
    let it = evaluate_files(&[("main.tf", main), ("net/main.tf", NET)], &Inputs::default());
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(it.at("module.net[\"b\"].aws_vpc.this", "cidr_block"), "\"10.1.0.0/16\"");
    assert_eq!(it.at("x.x[\"a\"]", "vpc"), "<module.net[\"a\"].aws_vpc.this.id>");
    assert_eq!(it.at("x.x[\"a\"]", "one"), "\"10.1.0.0/16\"");
    assert_eq!(it.at("x.x[\"a\"]", "all"), "[<module.two[0].aws_vpc.this.id>,<module.two[1].aws_vpc.this.id>]");
    assert_eq!(it.at("x.x[\"a\"]", "keyed"), "\"10.1.0.0/16\"");
    assert_eq!(it.way("module.net[\"b\"].aws_vpc.this", "cidr_block"), ["var.cidr", "each.value", "\"10.1.0.0/16\""]);
}

#[test]
fn installed_modules_are_found_and_others_are_told() {
    let main = "module \"net\" {\n  source = \"example/net/aws\"\n  version = \"1.0\"\n  cidr = \"10.0.0.0/8\"\n}\nmodule \"gone\" {\n  source = \"example/gone/aws\"\n}\nresource \"x\" \"x\" {\n  it = module.gone.id\n  net = module.net.id\n}\n";
    let manifest = "{\"Modules\":[{\"Key\":\"\",\"Source\":\"\",\"Dir\":\".\"},{\"Key\":\"net\",\"Source\":\"registry.terraform.io/example/net/aws\",\"Version\":\"1.0\",\"Dir\":\".terraform/modules/net\"}]}";
    let files =
        [("main.tf", main), (".terraform/modules/modules.json", manifest), (".terraform/modules/net/main.tf", NET)];
    let it = evaluate_files(&files, &Inputs::default());
    assert_eq!(it.findings().len(), 1);
    assert!(it.findings()[0].contains("`gone` (example/gone/aws) is not installed"));
    assert_eq!((it.loaded.findings[0].rule, it.loaded.findings[0].severity), ("module_not_installed", Severity::Note));
    assert_eq!(it.at("x.x", "net"), "<module.net.aws_vpc.this.id>");
    assert_eq!(it.at("x.x", "it"), "<module.gone.id>");
}

#[test]
fn a_module_that_calls_itself_is_told() {
    let main = "module \"again\" {\n  source = \"./a\"\n}\nresource \"x\" \"x\" {}\n";
    let it = evaluate_files(
        &[("main.tf", main), ("a/main.tf", "module \"b\" {\n  source = \"../a\"\n}\n")],
        &Inputs::default(),
    );
    assert_eq!(it.findings(), ["the module `b` calls itself, directly or through others"]);
    assert_eq!(it.addresses(), ["x.x"]);
}

#[test]
fn modules_stay_within_the_repository() {
    let files = Memory::of([
        ("above/main.tf", "resource \"x\" \"x\" {}\n"),
        ("repository/.git/HEAD", ""),
        ("repository/main.tf", "resource \"y\" \"y\" {}\n"),
        (
            "repository/examples/one/main.tf",
            "module \"up\" {\n  source = \"../..\"\n}\nmodule \"out\" {\n  source = \"../../../above\"\n}\n",
        ),
    ]);
    let mut sources = crate::source::SourceMap::default();
    let loaded = super::load(&files, &mut sources, "repository/examples/one", &Inputs::default());
    let addresses: Vec<_> = loaded.resources.iter().map(|it| it.address.as_str()).collect();
    assert_eq!(addresses, ["module.up.y.y"]);
    assert_eq!(loaded.findings.len(), 1);
    assert!(loaded.findings[0].message.contains("outside of the repository"));
}

#[test]
fn inputs_come_in_order_of_precedence() {
    let main = "variable \"a\" {\n  default = 0\n}\nvariable \"b\" {}\nvariable \"c\" {\n  type = list(string)\n}\nvariable \"d\" {}\nvariable \"e\" {}\nresource \"x\" \"x\" {\n  a = var.a\n  b = var.b\n  c = var.c\n  d = var.d\n  e = var.e\n}\n";
    let files = [
        ("main.tf", main),
        ("terraform.tfvars", "a = 1\nb = 1\nc = [\"f\"]\nd = 1\n"),
        ("b.auto.tfvars", "b = 3\nd = 3\n"),
        ("a.auto.tfvars", "b = 2\n"),
        ("given.tfvars", "d = 4\n"),
    ];
    let mut given = inputs(&[("c", "[\"x\"]")]);
    given.assignments.push(Assignment::File("given.tfvars".to_owned()));
    given.environment = vec![("a".to_owned(), "9".to_owned()), ("e".to_owned(), "5".to_owned())];
    let it = evaluate_files(&files, &given);
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(super::shown(it.body("x.x")), "{a:1,b:3,c:[\"x\"],d:4,e:\"5\"}");
}

#[test]
fn overrides_are_laid_over() {
    let main = "variable \"v\" {\n  type = string\n  default = \"1\"\n}\nlocals {\n  a = 1\n  b = 2\n}\nresource \"x\" \"x\" {\n  a = local.a\n  b = local.b\n  v = var.v\n  block {\n    n = 1\n  }\n  other {\n    n = 1\n  }\n}\n";
    let over = "locals {\n  a = 10\n}\nvariable \"v\" {\n  default = 2\n}\nresource \"x\" \"x\" {\n  b = 20\n  block {\n    n = 2\n  }\n}\nresource \"y\" \"y\" {}\n";
    let it = evaluate_files(&[("main.tf", main), ("main_override.tf", over)], &Inputs::default());
    assert_eq!(it.findings(), ["an override of a `resource` that no other file declares"]);
    assert_eq!(super::shown(it.body("x.x")), "{a:10,b:20,block:[{n:2}],other:[{n:1}],v:\"2\"}");
}

#[test]
fn a_tofu_file_replaces_the_other_of_its_name() {
    let files = [
        ("main.tf", "resource \"x\" \"a\" {}\n"),
        ("main.tofu", "resource \"x\" \"b\" {}\n"),
        ("b.tf", "resource \"x\" \"c\" {}\n"),
    ];
    let it = evaluate_files(&files, &Inputs::default());
    assert_eq!(it.addresses(), ["x.b", "x.c"]);
}

#[test]
fn what_is_declared_twice_or_unknown_is_told() {
    let it = evaluate_files(
        &[(
            "main.tf",
            "resource \"x\" \"x\" {\n  a = 1\n}\nresource \"x\" \"x\" {}\nthing {}\nvariable \"a\" \"b\" {}\nmoved {}\nimport {}\ncheck \"c\" {}\nremoved {}\nterraform {}\n",
        )],
        &Inputs::default(),
    );
    assert_eq!(
        it.findings(),
        [
            "a resource of this name is declared twice; the first one holds",
            "there is no block `thing` in Terraform's language",
            "`variable` takes 1 label, not 2"
        ]
    );
    assert_eq!(it.at("x.x", "a"), "1");
}

#[test]
fn resources_know_their_region() {
    let main = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\nprovider \"aws\" {\n  alias = \"us\"\n  region = var.region\n}\nvariable \"region\" {\n  default = \"us-east-1\"\n}\nresource \"aws_vpc\" \"a\" {}\nresource \"aws_vpc\" \"b\" {\n  provider = aws.us\n}\nresource \"aws_vpc\" \"c\" {\n  region = \"eu-north-1\"\n}\nmodule \"m\" {\n  source = \"./m\"\n  providers = {\n    aws = aws.us\n    aws.other = aws\n  }\n}\n";
    let inner = "terraform {\n  required_providers {\n    aws = {\n      configuration_aliases = [aws.other]\n    }\n  }\n}\nresource \"aws_vpc\" \"d\" {}\nresource \"aws_vpc\" \"e\" {\n  provider = aws.other\n}\n";
    let it = evaluate_files(&[("main.tf", main), ("m/main.tf", inner)], &Inputs::default());
    let regions: Vec<_> = it.loaded.resources.iter().map(|it| it.region.as_deref().unwrap_or("none")).collect();
    assert_eq!(regions, ["eu-west-1", "us-east-1", "eu-north-1", "us-east-1", "eu-west-1"]);
}

#[test]
fn comments_to_this_program_are_kept() {
    let it = evaluate_files(
        &[(
            "main.tf",
            "# iac-check: allow-file(a) because b\nresource \"x\" \"x\" { // iac-check: allow(c) because d\n  # other\n}\n",
        )],
        &Inputs::default(),
    );
    let texts: Vec<_> = it.loaded.comments.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["iac-check: allow-file(a) because b", "iac-check: allow(c) because d"]);
}

#[test]
fn a_file_that_does_not_parse_leaves_the_rest() {
    let it = evaluate_files(
        &[
            ("broken.tf", "resource \"x\" \"a\" {\n  b = = 1\n}\nresource \"x\" \"c\" {}\n"),
            ("main.tf", "resource \"x\" \"d\" {}\n"),
        ],
        &Inputs::default(),
    );
    assert!(it.loaded.findings.iter().all(|it| it.rule == "syntax_error" && it.severity == Severity::Error));
    assert!(it.addresses().ends_with(&["x.c", "x.d"]));
}

#[test]
fn roots_are_what_nobody_calls() {
    let call = |source: &str| format!("module \"m\" {{\n  source = \"{source}\"\n}}\n");
    let (example, inner) = (call("../.."), call("./modules/inner"));
    let (one, two) = (call("../two"), call("../one"));
    let files = Memory::of([
        ("main.tf", inner.as_str()),
        ("modules/inner/main.tf", ""),
        ("modules/alone/main.tf", ""),
        ("examples/a/main.tf", &example),
        ("round/one/main.tf", &one),
        ("round/two/main.tf", &two),
        ("docs/readme.md", ""),
    ]);
    assert_eq!(roots(&files, "."), ["examples/a", "modules/alone", "round/one"]);
    let of = |changed: &str| roots_of(&files, ".", &[changed.to_owned()]);
    assert_eq!(of("modules/inner/main.tf"), ["examples/a"], "through two calls");
    assert_eq!(of("examples/a/prod.tfvars"), ["examples/a"]);
    assert_eq!(of("modules/alone/templates/deep/x.tpl"), ["modules/alone"]);
    assert_eq!(of("round/two/main.tf"), ["round/one"]);
    assert_eq!(of("docs/readme.md"), ["examples/a"], "the nearest code is that of the root folder");
}

#[test]
fn a_missing_argument_is_told_where_it_is_missing() {
    let it = evaluate_files(
        &[("main.tf", "module \"net\" {\n  source = \"./net\"\n}\n"), ("net/main.tf", NET)],
        &Inputs::default(),
    );
    assert_eq!(it.findings(), ["the argument `cidr` is required, and missing"]);
    assert_eq!(it.at("module.net.aws_vpc.this", "cidr_block"), "<module.net.var.cidr has no value>");
}

#[test]
fn nested_modules_carry_their_path() {
    let it = evaluate_files(
        &[
            ("main.tf", "module \"a\" {\n  source = \"./a\"\n}\n"),
            ("a/main.tf", "module \"b\" {\n  source = \"./b\"\n}\n"),
            ("a/b/main.tf", "resource \"x\" \"x\" {\n  it = path.module\n  bad = local.nothing\n}\n"),
        ],
        &Inputs::default(),
    );
    assert_eq!(it.at("module.a.module.b.x.x", "it"), "\"a/b\"");
    let way: Vec<_> = it.loaded.findings[0].because.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(way, ["module.a.module.b is called here", "module.a is called here"]);
}

#[test]
fn functions_read_files_within_the_project_alone() {
    let call = "module \"net\" {\n  source = \"../../net\"\n}\nresource \"x\" \"y\" {\n  here = file(\"note\")\n  out = try(file(\"../../../secret\"), \"refused\")\n  made = templatefile(\"t.tpl\", {names = [\"a\", \"b\"]})\n  names = try(templatefile(\"bad.tpl\", {}), \"refused\")\n}\nlocals {\n  a = 1\n}\n";
    let net = "resource \"x\" \"x\" {\n  it = file(\"${path.module}/../shared/text\")\n}\n";
    let files = Memory::of([
        ("secret", "secret"),
        ("code/roots/one/main.tf", call),
        ("code/roots/one/note", "noted"),
        ("code/roots/one/t.tpl", "%{ for name in names }<${upper(name)}>%{ endfor }"),
        ("code/roots/one/bad.tpl", "${local.a}"),
        ("code/net/main.tf", net),
        ("code/shared/text", "shared"),
    ]);
    let mut sources = crate::source::SourceMap::default();
    let loaded = super::load(&files, &mut sources, "code/roots/one", &Inputs::default());
    let evaluated = super::Evaluated { loaded, sources };
    assert_eq!(evaluated.findings(), Vec::<String>::new());
    assert_eq!(evaluated.at("module.net.x.x", "it"), "\"shared\"");
    assert_eq!(
        super::shown(evaluated.body("x.y")),
        "{here:\"noted\",made:\"<A><B>\",names:\"refused\",out:<../../../secret lies outside of the project, where nothing is read>}"
    );
}

#[test]
fn a_source_that_is_an_expression_is_looked_up_among_the_installed() {
    let main = "variable \"v\" {\n  default = \"1\"\n}\nmodule \"a\" {\n  source = \"./${var.v}\"\n}\nmodule \"b\" {\n  source = \"./${var.v}\"\n}\nmodule \"c\" {}\n";
    let installed = "{\"Modules\":[{\"Key\":\"a\",\"Source\":\"./1\",\"Dir\":\"1\"}]}";
    let files =
        [("main.tf", main), ("1/main.tf", "resource \"x\" \"x\" {}\n"), (".terraform/modules/modules.json", installed)];
    let it = evaluate_files(&files, &Inputs::default());
    assert_eq!(it.addresses(), ["module.a.x.x"]);
    assert_eq!(
        it.findings(),
        [
            "the module `b` (its source is an expression) is not installed: the resources in it are not seen, and its outputs are unknown",
            "the module call `c` names no source",
        ]
    );
}
