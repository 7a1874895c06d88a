//! Workloads that leave by fixed addresses in some subnets and by changing ones in others; and where it is known whom
//! partners admit, by admitted ones in some and by others in others.

use super::{Context, attempts};
use crate::{
    finding::Findings,
    network::{Id, NetworkInterface, Owner},
    reach::egress::{By, Egress, EgressAddress, Way},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, owner) in context.network.owners.iter().filter(|(_, owner)| owner.kind.is_workload()) {
        let certain = owner.interfaces.iter().filter(|it| context.network.interfaces[**it].is_certain);
        let certain: Vec<_> = certain.copied().collect();
        if certain.len() < 2 {
            continue;
        }
        let (mut fixed, mut listed) = (Vec::new(), Vec::new());
        let (mut changing, mut unlisted) = (Vec::new(), Vec::new());
        for interface in certain {
            match kind(context, &context.routes.egress_of(interface)) {
                Some(Kind::Listed(by)) => {
                    attempts::add(&mut fixed, by.clone());
                    attempts::add(&mut listed, by);
                }
                Some(Kind::Fixed(by)) => attempts::add(&mut fixed, by),
                Some(Kind::Changing) => changing.push(interface),
                Some(Kind::Unlisted) => unlisted.push(interface),
                None => (),
            }
        }
        let of_changing = Differing {
            how: "changing addresses of its own",
            label: "from this subnet it leaves by an address that changes",
            help: "name only subnets whose default route leads to a NAT gateway with an Elastic IP address",
            others_are: "fixed",
            others: &fixed,
            interfaces: &changing,
        };
        let of_unlisted = Differing {
            how: "addresses that partners do not admit",
            label: "from this subnet it leaves by an address that is not on the list",
            help: "tell partners these addresses too, and add them to `egress.allowed`; or name only subnets that leave \
                   by admitted ones",
            others_are: "admitted",
            others: &listed,
            interfaces: &unlisted,
        };
        for differing in [of_changing, of_unlisted] {
            if !differing.others.is_empty() && !differing.interfaces.is_empty() {
                report(context, findings, owner, &differing);
            }
        }
    }
}

/// By what addresses an interface leaves, where that is certain and the same for all of the internet.
enum Kind {
    /// Those of this NAT gateway.
    Fixed(String),
    /// Those of this NAT gateway, which partners are known to admit.
    Listed(String),
    /// Fixed ones that partners are known not to admit.
    Unlisted,
    Changing,
}

/// The interfaces that leave otherwise than the others, in words.
struct Differing<'a> {
    how: &'static str,
    label: &'static str,
    help: &'static str,
    /// What the addresses of the others are, and what they leave by.
    others_are: &'static str,
    others: &'a [String],
    interfaces: &'a [Id<NetworkInterface>],
}

fn kind(context: &Context<'_>, egress: &Egress) -> Option<Kind> {
    let [Way { by: By::Addresses { addresses, name, .. }, to: None, is_certain: true, .. }] = egress.ways.as_slice()
    else {
        return None;
    };
    let is_fixed = |it: &EgressAddress| matches!(it, EgressAddress::Fixed { .. });
    let changes = |it: &EgressAddress| matches!(it, EgressAddress::Changing(_));
    if addresses.iter().any(changes) {
        Some(Kind::Changing)
    } else if !addresses.is_empty() && addresses.iter().all(is_fixed) {
        let admitted = |wanted| addresses.iter().all(|it| context.network.admits(it) == Some(wanted));
        Some(match (admitted(true), admitted(false)) {
            (true, _) => Kind::Listed(name.clone()),
            (false, true) => Kind::Unlisted,
            (false, false) => Kind::Fixed(name.clone()),
        })
    } else {
        None
    }
}

fn report(context: &Context<'_>, findings: &mut Findings<'_>, owner: &Owner, differing: &Differing<'_>) {
    let Some(at) = owner.name.label("it leaves by addresses that differ from subnet to subnet") else { return };
    let interfaces = differing.interfaces;
    let message = format!(
        "`{}` leaves by {} from {} of {} subnets{}, and by the {} ones of `{}` from the others",
        owner.name.text(),
        differing.how,
        interfaces.len(),
        owner.interfaces.len(),
        attempts::zones(context, interfaces),
        differing.others_are,
        differing.others.join("`, `"),
    );
    findings
        .report(at, message)
        .because(attempts::subnet_labels(context, interfaces, differing.label))
        .help(differing.help)
        .evidence("subnets", interfaces.len());
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use crate::{
        network::{Network, testing},
        outside::Outside,
        reach::RouteResolver,
        rules,
    };

    /// A function in two private subnets, each with a NAT gateway and its address.
    fn network() -> Value {
        let subnet = |block: &str| json!({"vpc_id": "${aws_vpc.main.id}", "cidr_block": block});
        let table = |route: Value| json!({"vpc_id": "${aws_vpc.main.id}", "route": [route]});
        let link = |subnet: &str, table: &str| {
            json!({"subnet_id": format!("${{aws_subnet.{subnet}.id}}"),
                   "route_table_id": format!("${{aws_route_table.{table}.id}}")})
        };
        let nat = |zone: &str| json!({"subnet_id": "${aws_subnet.public.id}", "allocation_id": format!("${{aws_eip.{zone}.id}}")});
        let through = |zone: &str| json!({"cidr_block": "0.0.0.0/0", "nat_gateway_id": format!("${{aws_nat_gateway.{zone}.id}}")});
        json!({
            "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
            "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
            "aws_subnet.public": subnet("10.0.0.0/24"),
            "aws_subnet.a": subnet("10.0.1.0/24"),
            "aws_subnet.b": subnet("10.0.2.0/24"),
            "aws_route_table.public":
                table(json!({"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"})),
            "aws_route_table.a": table(through("a")),
            "aws_route_table.b": table(through("b")),
            "aws_route_table_association.public": link("public", "public"),
            "aws_route_table_association.a": link("a", "a"),
            "aws_route_table_association.b": link("b", "b"),
            "aws_eip.a": {"public_ip": "203.0.113.7"},
            "aws_eip.b": {"public_ip": "198.51.100.9"},
            "aws_nat_gateway.a": nat("a"),
            "aws_nat_gateway.b": nat("b"),
            "aws_security_group.app": {"vpc_id": "${aws_vpc.main.id}", "egress": [
                {"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]},
            "aws_lambda_function.app": {"vpc_config": [{
                "subnet_ids": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
                "security_group_ids": ["${aws_security_group.app.id}"]}]},
        })
    }

    /// What is found where partners admit these.
    fn found(admitted: Option<&[&str]>) -> Vec<String> {
        let mut graph = testing::graph(&network());
        let admitted = admitted.map(|blocks| blocks.iter().map(|it| it.parse().unwrap()).collect());
        graph.set_outside(&Arc::new(Outside { admitted, ..Outside::default() }));
        let network = Network::of(&graph);
        let routes = RouteResolver::new(&network);
        let rule = rules::find("unstable_egress_address").unwrap();
        let verdicts =
            rules::run(&[rule], &graph, &rules::Context { network: &network, routes: &routes, change: None });
        verdicts.findings.into_iter().map(|it| it.message).collect()
    }

    #[test]
    fn fixed_addresses_that_partners_do_not_admit_are_found_beside_those_that_they_do() {
        let one = found(Some(&["203.0.113.0/28"]));
        assert_eq!(one.len(), 1);
        assert!(one[0].contains("by addresses that partners do not admit from 1 of 2 subnets"), "{one:?}");
        assert!(one[0].contains("by the admitted ones of `aws_nat_gateway.a`"), "{one:?}");
        assert!(found(None).is_empty(), "nobody says whom partners admit");
        assert!(found(Some(&["203.0.113.7/32", "198.51.100.0/24"])).is_empty(), "both are admitted");
        assert!(found(Some(&["192.0.2.1/32"])).is_empty(), "neither is: nobody needs it");
    }
}
