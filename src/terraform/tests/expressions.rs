//! Expressions: each as Terraform has it.

use super::{evaluate, failure, value};
use crate::value::Kind;

#[test]
fn operators_and_literals() {
    assert_eq!(value("", "1 + 2 * 3"), "7");
    assert_eq!(value("", "\"5\" + 1"), "6");
    assert_eq!(value("", "-(7 % 4)"), "-3");
    assert_eq!(value("", "!(1 < 2) || 3 >= 3 && true"), "true");
    assert_eq!(value("", "\"a\" == \"a\" && 1 != 2"), "true");
    assert_eq!(value("", "1e2"), "100");
    assert_eq!(value("", "[1, \"a\", null, {b = true}]"), "[1,\"a\",null,{b:true}]");
    assert_eq!(value("", "{\"a-b\" : 1, (\"c\") = 2}"), "{a-b:1,c:2}");
}

#[test]
fn conditionals_take_one_side_and_the_type_of_both() {
    assert_eq!(value("", "true ? 1 : \"a\""), "\"1\"");
    assert_eq!(value("", "false ? 1 : 2"), "2");
    assert_eq!(value("", "true ? \"a\" : null"), "\"a\"");
    assert_eq!(value("", "true ? [\"a\"] : []"), "[\"a\"]");
    assert_eq!(value("", "true ? 1 : [][0]"), "1");
    assert_eq!(value("", "\"true\" ? 1 : 2"), "1");
    assert!(failure("null ? 1 : 2").contains("null"));
}

#[test]
fn conditionals_that_nobody_can_decide_keep_what_both_sides_say() {
    let vpcs = "resource \"aws_vpc\" \"a\" {}\nresource \"aws_vpc\" \"b\" {}\nvariable \"u\" {}";
    assert_eq!(value(vpcs, "var.u == \"x\" ? 1 : 1"), "1");
    assert_eq!(value(vpcs, "var.u == \"x\" ? aws_vpc.a.id : aws_vpc.b.id"), "<one of aws_vpc.a.id, aws_vpc.b.id>");
    assert_eq!(value(vpcs, "var.u == \"x\" ? aws_vpc.a.id : aws_vpc.a.id"), "<aws_vpc.a.id>");
    assert_eq!(value(vpcs, "var.u == \"x\" ? {a = 1, b = 2} : {a = 1, b = 3}"), "{a:1,b:<var.u has no value>}");
}

#[test]
fn for_expressions_filter_and_group() {
    assert_eq!(value("", "[for it in [1, 2, 3] : it * 2 if it != 2]"), "[2,6]");
    assert_eq!(value("", "[for i, it in [\"a\", \"b\"] : \"${i}${it}\"]"), "[\"0a\",\"1b\"]");
    assert_eq!(value("", "{for k, v in {b = 2, a = 1} : v => k}"), "{1:\"a\",2:\"b\"}");
    assert_eq!(
        value("", "{for it in [\"ab\", \"ac\", \"b\"] : it == \"b\" ? \"y\" : \"x\" => it...}"),
        "{x:[\"ab\",\"ac\"],y:[\"b\"]}"
    );
    assert_eq!(value("", "[for k, v in {b = 2, a = 1} : k]"), "[\"a\",\"b\"]");
    assert!(failure("{for it in [1, 1] : it => it}").contains("two items have the key"));
    assert!(failure("[for it in null : it]").contains("null"));
}

#[test]
fn what_fails_on_one_side_fails_only_where_that_side_is_taken() {
    let open = "variable \"u\" {\n  type = bool\n}\nlocals {\n  n = [1]\n}";
    assert_eq!(value(open, "\"%{ if var.u }a%{ else }${local.n.b}%{ endif }\""), "<var.u has no value>");
    assert_eq!(value(open, "var.u ? \"a\" : local.n.b"), "<var.u has no value>");
    assert!(failure("\"%{ if false }a%{ else }${[1].b}%{ endif }\"").contains("attributes"));
}

#[test]
fn splats_go_over_lists_and_single_values() {
    assert!(failure("tolist(slice([\"a\"], 0, 0))[*].b").is_empty());
    assert!(failure("slice(tolist([\"a\"]), 0, 0)[*].b").contains("attributes"));
    assert_eq!(value("", "[{a = 1}, {a = 2}][*].a"), "[1,2]");
    assert_eq!(value("", "[{a = [5]}, {a = [6]}][*].a[0]"), "[5,6]");
    assert_eq!(value("", "[{a = [5]}, {a = [6]}].*.a[0]"), "[5]");
    assert_eq!(value("locals {\n a = null\n}", "local.a[*]"), "[]");
    assert_eq!(value("locals {\n a = {b = 1}\n}", "local.a[*].b"), "[1]");
}

#[test]
fn traversals_reach_into_values() {
    assert_eq!(value("", "[1, 2][1]"), "2");
    assert_eq!(value("", "{a = {b = [1]}}.a[\"b\"].0"), "1");
    assert_eq!(value("", "{\"1\" = 2}[1]"), "2");
    assert!(!failure("[1][1]").is_empty());
    assert!(!failure("{a = 1}.b").is_empty());
    assert!(!failure("1.a").is_empty());
}

#[test]
fn templates_join_and_direct() {
    assert_eq!(value("", "\"a${1}b${true}\""), "\"a1btrue\"");
    assert_eq!(value("", "\"${[1]}\""), "[1]");
    assert_eq!(value("", "\"%{ if 1 < 2 }yes%{ else }no%{ endif }\""), "\"yes\"");
    assert_eq!(value("", "\"%{ for i, it in [\"a\", \"b\"] }${i}=${it};%{ endfor }\""), "\"0=a;1=b;\"");
    assert_eq!(value("", "<<-EOT\n    a\n      b ${1}\n  EOT\n"), "\"a\\n  b 1\\n\"");
    assert_eq!(value("", "\"$${a}\""), "\"${a}\"");
    assert!(failure("\"a${null}\"").contains("null"));
}

#[test]
fn text_with_an_unknown_part_says_what_it_is_made_of() {
    let vpc = "resource \"aws_vpc\" \"a\" {}";
    assert_eq!(value(vpc, "\"vpc/${aws_vpc.a.id}\""), "<made of aws_vpc.a.id>");
    assert_eq!(value(vpc, "\"${aws_vpc.a.id}\""), "<aws_vpc.a.id>");
}

#[test]
fn what_a_resource_sets_is_known_and_all_else_is_its_own() {
    let subnet = "resource \"aws_subnet\" \"a\" {\n  cidr_block = \"10.0.0.0/24\"\n  vpc_id = null\n  timeouts {\n    create = \"1m\"\n  }\n}";
    assert_eq!(value(subnet, "aws_subnet.a.cidr_block"), "\"10.0.0.0/24\"");
    assert_eq!(value(subnet, "aws_subnet.a.id"), "<aws_subnet.a.id>");
    assert_eq!(value(subnet, "aws_subnet.a.vpc_id"), "<aws_subnet.a.vpc_id>");
    assert_eq!(value(subnet, "aws_subnet.a.timeouts[0].create"), "\"1m\"");
    assert_eq!(value(subnet, "aws_subnet.a.timeouts[0].delete"), "<aws_subnet.a.timeouts[0].delete>");
    assert_eq!(value(subnet, "[aws_subnet.a.id, \"x\"]"), "[<aws_subnet.a.id>,\"x\"]");
}

#[test]
fn data_sources_are_unknown_with_identity() {
    let zones = "data \"aws_availability_zones\" \"this\" {\n  state = \"available\"\n}";
    assert_eq!(
        value(zones, "data.aws_availability_zones.this.names[0]"),
        "<data.aws_availability_zones.this.names[0]>"
    );
    assert_eq!(value(zones, "data.aws_availability_zones.this.state"), "\"available\"");
    assert_eq!(
        value(zones, "data.aws_availability_zones.this.names[0] == data.aws_availability_zones.this.names[0]"),
        "true"
    );
}

#[test]
fn the_region_and_its_partition_follow_from_the_provider() {
    let data = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\ndata \"aws_region\" \"this\" {}\ndata \"aws_partition\" \"this\" {}";
    assert_eq!(value(data, "data.aws_region.this.name"), "\"eu-west-1\"");
    assert_eq!(value(data, "data.aws_partition.this.partition"), "\"aws\"");
    assert_eq!(value("data \"aws_region\" \"this\" {}", "data.aws_region.this.name"), "<data.aws_region.this.name>");
}

#[test]
fn names_of_zones_are_told_from_ids_by_their_shape() {
    let zones = "data \"aws_availability_zones\" \"this\" {}";
    let is_name = |zone: &str| format!("length(regexall(\"^[a-z]{{2}}-\", {zone})) > 0 ? {zone} : null");
    assert_eq!(
        value(zones, &is_name("data.aws_availability_zones.this.names[1]")),
        "<data.aws_availability_zones.this.names[1]>"
    );
    assert_eq!(value(zones, &is_name("data.aws_availability_zones.this.zone_ids[1]")), "<after apply>");
}

#[test]
fn one_side_may_decide_alone() {
    assert_eq!(value("variable \"u\" {\n  type = bool\n}", "[false && var.u, var.u || true]"), "[false,true]");
}

#[test]
fn locals_stand_in_any_order_and_circles_are_told() {
    assert_eq!(value("locals {\n  a = local.b + 1\n  b = local.c\n}\nlocals {\n  c = 1\n}", "local.a"), "2");
    let circle = evaluate(
        "locals {\n  a = local.b\n  b = local.a\n}\nresource \"test\" \"it\" {\n  it = local.b\n  other = local.a\n}\n",
    );
    assert_eq!(circle.findings(), ["these depend on one another in a circle: local.a, local.b"]);
    assert_eq!(circle.at("test.it", "it"), "<a value that depends on itself>");
}

#[test]
fn the_module_and_the_workspace_have_names() {
    assert_eq!(value("", "\"${path.module}/${path.root}/${terraform.workspace}\""), "\"././default\"");
}

#[test]
fn what_cannot_be_evaluated_is_told_with_its_place() {
    let wrong = evaluate("resource \"test\" \"it\" {\n  it = local.missing\n  fine = 1\n}\n");
    assert_eq!(wrong.findings(), ["no local value `missing` is declared in this module"]);
    assert_eq!(wrong.sources.text(wrong.loaded.findings[0].at.span), "local.missing");
    assert_eq!(wrong.at("test.it", "fine"), "1");
    assert!(wrong.at("test.it", "it").contains("cannot be evaluated"));
    assert!(failure("aws_vpc.missing.id").contains("no resource `aws_vpc.missing`"));
    assert!(failure("var.missing").contains("no variable"));
    assert!(failure("each.key").contains("for_each"));
}

#[test]
fn try_and_can_look_at_errors() {
    let zones = "data \"aws_availability_zones\" \"this\" {}\nresource \"aws_vpc\" \"a\" {\n  count = 1\n}\nresource \"aws_vpc\" \"b\" {\n  count = 0\n}";
    assert_eq!(value(zones, "try({a = 1}.b, 2)"), "2");
    assert_eq!(value(zones, "try(aws_vpc.a[0].id, null)"), "<aws_vpc.a[0].id>");
    assert_eq!(value(zones, "try(aws_vpc.b[0].id, null)"), "<after apply>");
    assert_eq!(value(zones, "can({a = 1}.b)"), "false");
    assert_eq!(value(zones, "can({a = 1}.a)"), "true");
    assert!(failure("try([][0])").contains("no argument of `try`"));
    // That the variable has a value does not say that the function takes it.
    let typed = "variable \"a\" {\n  type = string\n}";
    assert_eq!(value(typed, "can(var.a)"), "true");
    assert_eq!(value(typed, "can(tolist([tonumber(var.a)]))"), "<var.a has no value>");
    assert_eq!(value(typed, "can(textencodebase64(\"a\", var.a))"), "<var.a has no value>");
    assert_eq!(value(typed, "try(cidrnetmask(var.a), \"b\")"), "<var.a has no value>");
    // Nobody knows which keys the map has, nor whether what has no type is a list.
    let open = "variable \"map\" {\n  type = map(string)\n}\nvariable \"any\" {\n}\nvariable \"object\" {\n  type = object({ a = string })\n}";
    assert_ne!(value(open, "can(var.map.key)"), "true");
    assert_ne!(value(open, "can(coalescelist([1], var.any))"), "true");
    assert_eq!(value(open, "can(var.object.a)"), "true");
}

#[test]
fn what_is_nested_too_deep_is_told() {
    let text: Vec<_> = (0..6_000).map(|it| format!("  l{it} = local.l{}", it + 1)).collect();
    let text = text.join("\n");
    let deep =
        evaluate(&format!("locals {{\n{text}\n  l6000 = 1\n}}\nresource \"test\" \"it\" {{\n  it = local.l0\n}}\n"));
    assert!(deep.findings()[0].contains("4,000 deep"), "{:?}", deep.findings());
}

#[test]
fn values_that_double_over_and_over_are_told() {
    let text: Vec<_> = (0..60).map(|it| format!("  l{} = [local.l{it}, local.l{it}]", it + 1)).collect();
    let text = text.join("\n");
    let large =
        evaluate(&format!("locals {{\n  l0 = 1\n{text}\n}}\nresource \"test\" \"it\" {{\n  it = local.l60\n}}\n"));
    assert!(large.findings()[0].contains("1,000,000 parts"), "{:?}", large.findings());
}

#[test]
fn ids_are_there_whatever_they_are() {
    let vpcs = "resource \"aws_vpc\" \"a\" {\n  count = 1\n}\nresource \"aws_vpc\" \"b\" {}\nresource \"aws_vpc\" \"c\" {\n  count = 0\n}";
    assert_eq!(value(vpcs, "join(\"\", aws_vpc.a.*.id)"), "<aws_vpc.a[0].id>");
    assert_eq!(
        value(vpcs, "compact(concat(aws_vpc.a[*].id, [\"\", aws_vpc.b.id]))"),
        "[<aws_vpc.a[0].id>,<aws_vpc.b.id>]"
    );
    assert_eq!(value(vpcs, "coalesce(\"\", one(aws_vpc.c[*].id), aws_vpc.b.id, \"x\")"), "<aws_vpc.b.id>");
    assert_eq!(value(vpcs, "[aws_vpc.b.id != \"\", aws_vpc.b.id == null]"), "[true,false]");
    assert_eq!(value(vpcs, "lookup({}, aws_vpc.b.arn, {a = 1})"), "{a:1}");
    assert!(value(vpcs, "coalesce(aws_vpc.b.ipv6_cidr_block, \"x\")").contains("aws_vpc.b.ipv6_cidr_block"));
    assert!(value(vpcs, "join(\"-\", [aws_vpc.b.id, \"x\"])").contains("made of aws_vpc.b.id"));
    assert_eq!(
        value(vpcs, "compact([aws_vpc.b.default_security_group_id, null])"),
        "[<aws_vpc.b.default_security_group_id>]"
    );
}

#[test]
fn an_id_is_no_list() {
    let vpcs = "resource \"aws_vpc\" \"a\" {\n  count = 2\n}";
    assert_eq!(value(vpcs, "flatten([aws_vpc.a[0].id, [aws_vpc.a[1].id]])"), "[<aws_vpc.a[0].id>,<aws_vpc.a[1].id>]");
    assert!(value(vpcs, "flatten([aws_vpc.a[0].tags, [aws_vpc.a[1].id]])").starts_with("<some of"));
}

#[test]
fn two_things_have_two_ids() {
    let subnets = "variable \"n\" {\n  type = number\n}\nresource \"aws_subnet\" \"a\" {\n  for_each = toset([\"x.y\", \"z\"])\n}\nresource \"aws_subnet\" \"n\" {\n  count = var.n\n}";
    let ids = "<aws_subnet.a[\"x.y\"].id>,<aws_subnet.a[\"z\"].id>";
    assert_eq!(
        value(subnets, "distinct(concat(values(aws_subnet.a)[*].id, [aws_subnet.a[\"z\"].id]))"),
        format!("[{ids}]")
    );
    assert_eq!(value(subnets, "length(distinct(values(aws_subnet.a)[*].id)) > 0 ? 1 : 2"), "1");
    // Two zones may be the same; so may two of instances that nobody has counted.
    assert!(value(subnets, "distinct(values(aws_subnet.a)[*].availability_zone)").starts_with("<some of "));
    assert!(value(subnets, "distinct([aws_subnet.n[0].id, aws_subnet.a[\"z\"].arn])").starts_with("<some of "));
}

#[test]
fn the_id_of_a_prefix_list_is_told_from_a_block() {
    let list = "resource \"aws_ec2_managed_prefix_list\" \"a\" {}";
    assert_eq!(value(list, "can(regex(\"^pl-\", aws_ec2_managed_prefix_list.a.id))"), "true");
    assert!(value(list, "can(regex(\"^pl-0\", aws_ec2_managed_prefix_list.a.id))").starts_with("<made of"));
}

#[test]
fn an_argument_left_null_is_what_the_provider_makes_of_it() {
    let group = "resource \"aws_cloudwatch_log_group\" \"it\" {\n  name = \"a\"\n  retention_in_days = null\n  \
                 kms_key_id = null\n  log_group_class = null\n}";
    let evaluated = evaluate(group);
    let address = "aws_cloudwatch_log_group.it";
    assert_eq!(evaluated.at(address, "retention_in_days"), "0");
    assert_eq!(evaluated.at(address, "log_group_class"), "<after apply>");
    let body = evaluated.body(address);
    assert_eq!(body.get("kms_key_id").unwrap().kind, Kind::Null);
    // It is told apart from what is written.
    let retention = body.get("retention_in_days").unwrap();
    assert!(retention.origin.is_default() && retention.is_unset());
    assert!(!body.get("name").unwrap().origin.is_default());
}

#[test]
fn what_a_block_leaves_out_is_known_to_others() {
    let balancer = "resource \"aws_lb\" \"it\" {\n  idle_timeout = null\n}";
    assert_eq!(value(balancer, "aws_lb.it.idle_timeout"), "60");
    assert_eq!(value(balancer, "aws_lb.it.load_balancer_type"), "\"application\"");
    assert_eq!(value(balancer, "aws_lb.it.internal"), "<aws_lb.it.internal>");
}

#[test]
fn data_sources_that_ask_nobody_are_worked_out() {
    let provider = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";
    let service = format!("{provider}data \"aws_vpc_endpoint_service\" \"it\" {{\n  service = \"s3\"\n}}");
    assert_eq!(value(&service, "data.aws_vpc_endpoint_service.it.service_name"), "\"com.amazonaws.eu-west-1.s3\"");
    let principal = format!("{provider}data \"aws_service_principal\" \"it\" {{\n  service_name = \"logs\"\n}}");
    assert_eq!(value(&principal, "data.aws_service_principal.it.name"), "\"logs.amazonaws.com\"");
    let arn = "data \"aws_arn\" \"it\" {\n  arn = \"arn:aws:rds:eu-west-1:123456789012:db:mysql-db\"\n}";
    assert_eq!(value(arn, "data.aws_arn.it.resource"), "\"db:mysql-db\"");
    let other = format!("{provider}data \"aws_region\" \"it\" {{\n  name = \"us-west-2\"\n}}");
    assert_eq!(value(&other, "data.aws_region.it.id"), "\"us-west-2\"");
}

#[test]
fn names_are_what_the_provider_stores_of_them() {
    let code = "resource \"aws_route53_record\" \"it\" {\n  name = \"WWW.Example.com.\"\n}\n\
                resource \"aws_lb_listener\" \"it\" {\n  protocol = \"https\"\n}\n\
                resource \"aws_elasticache_cluster\" \"it\" {\n  cluster_id = \"Ab\"\n}";
    let evaluated = evaluate(code);
    assert_eq!(evaluated.at("aws_route53_record.it", "name"), "\"www.example.com\"");
    assert_eq!(evaluated.at("aws_lb_listener.it", "protocol"), "\"HTTPS\"");
    assert_eq!(evaluated.at("aws_elasticache_cluster.it", "cluster_id"), "\"ab\"");
}
