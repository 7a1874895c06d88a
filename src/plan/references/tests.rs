//! Small plans, and what they tell of who refers to whom. Each answer was reasoned from the configuration it stands for.

#![expect(clippy::needless_pass_by_value, reason = "JSON literals read better by value")]

use serde_json::{Value as Json, json};

use super::{Index, Inferred};
use crate::{
    plan::{Wanted, read},
    source::SourceMap,
    value::Value,
};

/// What the plan says of the attribute at `path` of the resource at `address`.
fn said(plan: &Json, address: &str, path: &[&str]) -> String {
    let mut sources = SourceMap::default();
    let source = sources.add("plan.json", plan.to_string()).unwrap();
    let plan = read(source, sources.whole(source)).unwrap();
    let index = Index::of(&plan);
    let resources = plan.after(Wanted::Everything, || Inferred::new(&index)).unwrap();
    let resource = resources.iter().find(|it| it.address.as_str() == address).unwrap();
    let mut value: &Value = &resource.body;
    for step in path {
        value = match step.parse::<usize>() {
            Ok(at) => &value.items()[at],
            Err(_) => value.get(step).unwrap(),
        };
    }
    value.unknown().map_or_else(|| format!("{:?}", value.kind), ToString::to_string)
}

/// A resource that the plan creates; `key` is null, an index or a name.
fn created(module: &str, kind: &str, name: &str, key: &Json, after: Json, unknown: &Json) -> Json {
    let instance = if key.is_null() { String::new() } else { format!("[{key}]") };
    let dot = if module.is_empty() { "" } else { "." };
    let mut resource = json!({"address": format!("{module}{dot}{kind}.{name}{instance}"), "mode": "managed", "type": kind,
        "name": name, "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": unknown}});
    if !module.is_empty() {
        resource["module_address"] = json!(module);
    }
    if !key.is_null() {
        resource["index"] = key.clone();
    }
    resource
}

fn plan(resources: Vec<Json>, root_module: Json) -> Json {
    json!({"format_version": "1.2", "planned_values": {}, "resource_changes": resources,
        "configuration": {"root_module": root_module}})
}

fn references(of: &[&str]) -> Json {
    json!({"references": of})
}

fn configured(kind: &str, name: &str, expressions: Json) -> Json {
    json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "expressions": expressions})
}

/// Subnets with the keys `keys`, one that is asked about (`aws_nat_gateway.it`) with the keys `own`.
fn subnets_and_nat(keys: &[Json], own: &[Json], subnet_id: &[&str]) -> Json {
    let subnets = keys.iter().map(|key| created("", "aws_subnet", "a", key, json!({}), &json!({"id": true})));
    let nats = own.iter().map(|key| created("", "aws_nat_gateway", "it", key, json!({}), &json!({"subnet_id": true})));
    plan(
        subnets.chain(nats).collect(),
        json!({"resources": [configured("aws_subnet", "a", json!({})),
            configured("aws_nat_gateway", "it", json!({"subnet_id": references(subnet_id)}))]}),
    )
}

#[test]
fn a_named_instance_is_exact() {
    let it = subnets_and_nat(
        &[json!(0), json!(1)],
        &[Json::Null],
        &["aws_subnet.a[1].id", "aws_subnet.a[1]", "aws_subnet.a"],
    );
    assert_eq!(said(&it, "aws_nat_gateway.it", &["subnet_id"]), "aws_subnet.a[1].id, after apply");
}

#[test]
fn one_instance_is_exact_and_several_are_candidates() {
    let one = subnets_and_nat(&[json!(0)], &[Json::Null], &["aws_subnet.a"]);
    assert_eq!(said(&one, "aws_nat_gateway.it", &["subnet_id"]), "aws_subnet.a[0].id, after apply");
    let two = subnets_and_nat(&[json!(0), json!(1)], &[Json::Null], &["aws_subnet.a", "var.which"]);
    assert_eq!(said(&two, "aws_nat_gateway.it", &["subnet_id"]), "one of aws_subnet.a[0].id, aws_subnet.a[1].id");
}

#[test]
fn equal_keys_pair_and_equal_indices_pair_where_both_have_as_many() {
    let index = &["aws_subnet.a", "count.index"];
    let equal = subnets_and_nat(&[json!(0), json!(1)], &[json!(0), json!(1)], index);
    assert_eq!(said(&equal, "aws_nat_gateway.it[1]", &["subnet_id"]), "aws_subnet.a[1].id, after apply");
    // Four over two may be `count.index % 2` as well as `floor(count.index / 2)`.
    let fewer = subnets_and_nat(&[json!(0), json!(1)], &[json!(0), json!(1), json!(2), json!(3)], index);
    assert_eq!(said(&fewer, "aws_nat_gateway.it[1]", &["subnet_id"]), "one of aws_subnet.a[0].id, aws_subnet.a[1].id");
    let named = subnets_and_nat(&[json!("x"), json!("y"), json!("z")], &[json!("x")], &["aws_subnet.a", "each.key"]);
    assert_eq!(said(&named, "aws_nat_gateway.it[\"x\"]", &["subnet_id"]), "aws_subnet.a[\"x\"].id, after apply");
}

#[test]
fn what_is_not_configured_is_left_to_the_provider() {
    let it = subnets_and_nat(&[Json::Null], &[Json::Null], &["var.none"]);
    assert_eq!(said(&it, "aws_nat_gateway.it", &["subnet_id"]), "after apply");
}

/// A VPC made by `module.net`, whose output a second module takes as an input and hides in a local.
fn through_modules(seconds: &[&str]) -> Json {
    let mut resources = vec![created("module.net", "aws_vpc", "this", &json!(0), json!({}), &json!({"id": true}))];
    resources.extend(seconds.iter().map(|it| created("", "aws_vpc", it, &Json::Null, json!({}), &json!({"id": true}))));
    resources.push(created("module.app", "aws_subnet", "it", &Json::Null, json!({}), &json!({"vpc_id": true})));
    let others: Vec<_> = seconds.iter().map(|it| configured("aws_vpc", it, json!({}))).collect();
    let mut given = vec!["module.net.vpc_id".to_owned(), "module.net".to_owned()];
    given.extend(seconds.iter().flat_map(|it| [format!("aws_vpc.{it}.id"), format!("aws_vpc.{it}")]));
    let net = json!({"resources": [configured("aws_vpc", "this", json!({}))],
        "outputs": {"vpc_id": {"expression": references(&["aws_vpc.this[0].id", "aws_vpc.this[0]", "aws_vpc.this"])},
                    "group": {"expression": references(&["aws_vpc.this[0].default_security_group_id", "aws_vpc.this[0]", "aws_vpc.this"])}}});
    let app = json!({"resources": [configured("aws_subnet", "it", json!({"vpc_id": references(&["local.vpc_id"])}))]});
    plan(
        resources,
        json!({"resources": others, "module_calls": {
            "net": {"module": net},
            "app": {"expressions": {"vpc_id": {"references": given}}, "module": app}}}),
    )
}

#[test]
fn a_local_is_whatever_of_that_type_is_in_scope() {
    let one = through_modules(&[]);
    assert_eq!(said(&one, "module.app.aws_subnet.it", &["vpc_id"]), "module.net.aws_vpc.this[0].id, after apply");
    let two = through_modules(&["b"]);
    assert_eq!(
        said(&two, "module.app.aws_subnet.it", &["vpc_id"]),
        "one of aws_vpc.b.id, module.net.aws_vpc.this[0].id"
    );
}

#[test]
fn a_resource_that_exists_already_cannot_be_what_is_unknown() {
    let mut it = through_modules(&["b"]);
    let known = it["resource_changes"][1].as_object_mut().unwrap();
    known["change"]["actions"] = json!(["no-op"]);
    assert_eq!(said(&it, "module.app.aws_subnet.it", &["vpc_id"]), "module.net.aws_vpc.this[0].id, after apply");
}

fn load_balancer(subnets: &[&str]) -> Json {
    let mut resources: Vec<_> = ["a", "b"]
        .iter()
        .map(|it| created("", "aws_subnet", it, &Json::Null, json!({}), &json!({"id": true})))
        .collect();
    resources.push(created("", "aws_lb", "it", &Json::Null, json!({}), &json!({"subnets": true})));
    plan(
        resources,
        json!({"resources": [configured("aws_subnet", "a", json!({})), configured("aws_subnet", "b", json!({})),
            configured("aws_lb", "it", json!({"subnets": references(subnets)}))]}),
    )
}

#[test]
fn a_plain_list_of_named_instances_is_all_in_a_collection() {
    let plain = load_balancer(&["aws_subnet.a.id", "aws_subnet.a", "aws_subnet.b.id", "aws_subnet.b"]);
    assert_eq!(said(&plain, "aws_lb.it", &["subnets"]), "aws_subnet.a.id, aws_subnet.b.id");
    // A condition may choose one of them.
    let chosen = load_balancer(&["var.both", "aws_subnet.a.id", "aws_subnet.a", "aws_subnet.b.id", "aws_subnet.b"]);
    assert_eq!(said(&chosen, "aws_lb.it", &["subnets"]), "some of aws_subnet.a.id, aws_subnet.b.id");
    let single = load_balancer(&["var.more", "aws_subnet.a.id", "aws_subnet.a"]);
    assert_eq!(said(&single, "aws_lb.it", &["subnets"]), "aws_subnet.a.id");
}

#[test]
fn a_known_input_may_stand_beside_what_is_unknown() {
    let mut it = load_balancer(&["var.more", "aws_subnet.a.id", "aws_subnet.a"]);
    it["variables"] = json!({"more": {"value": ["subnet-0123456789abcdef0"]}});
    assert_eq!(said(&it, "aws_lb.it", &["subnets"]), "aws_subnet.a.id, and others: `var.more` may be among them");
}

#[test]
fn blocks_are_matched_by_their_constants_and_dynamic_ones_by_what_is_in_scope() {
    let mapping = |address: &str, subnet: &str| {
        json!({"private_ipv4_address": {"constant_value": address},
            "subnet_id": references(&[&format!("aws_subnet.{subnet}.id"), &format!("aws_subnet.{subnet}")])})
    };
    let mut it = load_balancer(&[]);
    it["resource_changes"][2]["change"]["after"] =
        json!({"subnet_mapping": [{"private_ipv4_address": "10.0.1.9"}, {"private_ipv4_address": "10.0.0.9"}]});
    it["resource_changes"][2]["change"]["after_unknown"] =
        json!({"subnet_mapping": [{"subnet_id": true}, {"subnet_id": true}]});
    it["configuration"]["root_module"]["resources"][2]["expressions"] =
        json!({"subnet_mapping": [mapping("10.0.0.9", "a"), mapping("10.0.1.9", "b")]});
    assert_eq!(said(&it, "aws_lb.it", &["subnet_mapping", "0", "subnet_id"]), "aws_subnet.b.id, after apply");
    assert_eq!(said(&it, "aws_lb.it", &["subnet_mapping", "1", "subnet_id"]), "aws_subnet.a.id, after apply");
    it["configuration"]["root_module"]["resources"][2]["expressions"] = json!({});
    let dynamic = said(&it, "aws_lb.it", &["subnet_mapping", "0", "subnet_id"]);
    assert_eq!(dynamic, "one of aws_subnet.a.id, aws_subnet.b.id");
}

#[test]
fn a_data_source_that_is_read_on_apply_may_give_anything_it_names() {
    let mut it = through_modules(&[]);
    let data = json!({"address": "module.app.data.aws_vpcs.all", "module_address": "module.app", "mode": "data",
        "type": "aws_vpcs", "name": "all", "change": {"actions": ["read"], "before": null, "after": {}, "after_unknown": {"id": true}}});
    it["resource_changes"].as_array_mut().unwrap().push(data);
    it["configuration"]["root_module"]["module_calls"]["app"]["module"]["resources"].as_array_mut().unwrap().push(
        json!({"address": "data.aws_vpcs.all", "mode": "data", "type": "aws_vpcs", "name": "all", "expressions": {}}),
    );
    assert_eq!(said(&it, "module.app.aws_subnet.it", &["vpc_id"]), "`module.app.data.aws_vpcs.all` is read on apply");
}

#[test]
fn modules_that_hide_each_other_in_locals_end() {
    let inner = |other: &str| {
        json!({"expressions": {"given": references(&["local.all", &format!("module.{other}.made"), &format!("module.{other}")])},
            "module": {"resources": [configured("aws_subnet", "it", json!({"vpc_id": references(&["local.vpc"])}))],
                       "outputs": {"made": {"expression": references(&["local.made", "var.given"])}}}})
    };
    let subnet = |module: &str| created(module, "aws_subnet", "it", &Json::Null, json!({}), &json!({"vpc_id": true}));
    let vpc = created("", "aws_vpc", "main", &Json::Null, json!({}), &json!({"id": true}));
    let it = plan(
        vec![subnet("module.a"), subnet("module.b"), vpc],
        json!({"resources": [configured("aws_vpc", "main", json!({}))],
            "module_calls": {"a": inner("b"), "b": inner("a")}}),
    );
    // Such a cycle cannot be planned; whatever is said of it, it is not a guess and it ends.
    let answer = said(&it, "module.a.aws_subnet.it", &["vpc_id"]);
    assert!(answer == "aws_vpc.main.id, after apply" || answer == "it refers to itself", "{answer}");
}

#[test]
fn instances_of_a_call_pair_by_their_keys() {
    let mut resources = Vec::new();
    for key in ["a", "b"] {
        let module = format!("module.zone[\"{key}\"]");
        resources.push(created(&module, "aws_route_table", "this", &Json::Null, json!({}), &json!({"id": true})));
    }
    resources.push(created("", "aws_route", "it", &json!("b"), json!({}), &json!({"route_table_id": true})));
    let zone = json!({"resources": [configured("aws_route_table", "this", json!({}))],
        "outputs": {"table": {"expression": references(&["aws_route_table.this.id", "aws_route_table.this"])}}});
    let it = plan(
        resources,
        json!({"resources": [configured("aws_route", "it", json!({"route_table_id": references(&["module.zone", "each.key"])}))],
            "module_calls": {"zone": {"for_each_expression": references(&["var.zones"]), "module": zone}}}),
    );
    let answer = said(&it, "aws_route.it[\"b\"]", &["route_table_id"]);
    assert_eq!(answer, "module.zone[\"b\"].aws_route_table.this.id, after apply");
}

#[test]
fn an_index_pairs_only_where_nothing_else_could_choose() {
    let own = [json!(0), json!(1)];
    let it = subnets_and_nat(&own, &own, &["aws_subnet.a", "var.single", "count.index"]);
    assert_eq!(said(&it, "aws_nat_gateway.it[1]", &["subnet_id"]), "one of aws_subnet.a[0].id, aws_subnet.a[1].id");
}

#[test]
fn a_number_finds_the_instance_of_that_name() {
    let named = &["aws_subnet.a[0].id", "aws_subnet.a[0]", "aws_subnet.a"];
    let it = subnets_and_nat(&[json!("0"), json!("1")], &[Json::Null], named);
    assert_eq!(said(&it, "aws_nat_gateway.it", &["subnet_id"]), "aws_subnet.a[\"0\"].id, after apply");
}

#[test]
fn what_nothing_names_is_not_taken_for_unset() {
    let it = subnets_and_nat(
        &[Json::Null],
        &[Json::Null],
        &["aws_vpc.gone.id", "aws_vpc.gone", "aws_subnet.a.tags", "aws_subnet.a"],
    );
    assert_eq!(said(&it, "aws_nat_gateway.it", &["subnet_id"]), "known after apply");
}
