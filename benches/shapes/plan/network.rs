//! The network of a site: a VPC of three zones, as the modules that most people call build it.

use super::{
    ZONES,
    block::Block,
    site::{HUB, Wiring, blocks},
    words::{References, all, fill, id, ids, text},
    workloads::POLICY,
};
use crate::shapes::block_of;

/// The 33 resources of a network.
pub(super) fn network(site: usize, wiring: &Wiring) -> Vec<Block> {
    let vpc_id = text(&id("vpc", site, 0));
    let vpc_id = vpc_id.as_str();
    let (public, private) = (ids("subnet", site, 1), ids("subnet", site, 2));
    let (public_table, private_table) = (id("rtb", site, 3), ids("rtb", site, 4));
    let (nat, address, internet) = (ids("nat", site, 5), ids("eipalloc", site, 6), id("igw", site, 7));

    let mut vpc = match wiring.prefix.as_str() {
        "" => Block::many("aws_vpc", "this", 1),
        _ => Block::one("aws_vpc", wiring.name("this")),
    };
    vpc.given("cidr_block", &text(&block_of(site)), &References::of(&["var.cidr"])).set("enable_dns_hostnames", "true");
    vpc.set("enable_dns_support", "true").set("instance_tenancy", r#""default""#).set("ipv4_ipam_pool_id", "null");
    vpc.set("assign_generated_ipv6_cidr_block", "null").set("ipv4_netmask_length", "null");
    vpc.set("ipv6_ipam_pool_id", "null").set("ipv6_netmask_length", "null").arn("vpc", site).computed("id", vpc_id);
    vpc.computed("default_network_acl_id", &text(&id("acl", site, 0)));
    vpc.computed("default_route_table_id", &text(&id("rtb", site, 0)));
    vpc.computed("main_route_table_id", &text(&id("rtb", site, 0)));
    vpc.computed("default_security_group_id", &text(&id("sg", site, 0))).computed("ipv6_cidr_block", r#""""#);
    vpc.computed("dhcp_options_id", r#""dopt-00000000000000001""#).computed("ipv6_association_id", r#""""#);
    vpc.computed("enable_network_address_usage_metrics", "false").owned().tags("vpc");

    let mut gateway = Block::one("aws_internet_gateway", wiring.name("this"));
    gateway.later("vpc_id", vpc_id, &wiring.vpc).arn("internet-gateway", site).computed("id", &text(&internet));
    gateway.set("timeouts", "null").owned().tags("igw");

    let mut table = Block::one("aws_route_table", wiring.name("public"));
    table_of(&mut table, &public_table, vpc_id, &wiring.vpc);
    let mut tables = Block::many("aws_route_table", wiring.name("private"), ZONES);
    table_of(&mut tables, &private_table, vpc_id, &wiring.vpc);

    let mut to_internet = Block::one("aws_route", wiring.name("public_internet"));
    let table_of_public = wiring.one("aws_route_table", "public", "id");
    let target = wiring.one("aws_internet_gateway", "this", "id");
    route(&mut to_internet, (&table_of_public, &public_table), "0.0.0.0/0", ("gateway_id", &target, &internet));
    let table_of_private = wiring.each("aws_route_table", "private");
    let mut to_nat = Block::many("aws_route", wiring.name("private_nat"), ZONES);
    let target = wiring.each("aws_nat_gateway", "this");
    route(&mut to_nat, (&table_of_private, &private_table), "0.0.0.0/0", ("nat_gateway_id", &target, &nat));
    let mut to_hub = Block::many("aws_route", wiring.name("private_hub"), ZONES);
    let target = ("transit_gateway_id", &wiring.hub, HUB);
    route(&mut to_hub, (&table_of_private, &private_table), "10.0.0.0/8", target);

    let mut elastic = Block::many("aws_eip", wiring.name("nat"), ZONES);
    elastic.set("domain", r#""vpc""#).set("address", "null").set("associate_with_private_ip", "null");
    elastic.set("customer_owned_ipv4_pool", "null").set("timeouts", "null").arn("elastic-ip", site);
    elastic.computed("allocation_id", &text(&address)).computed("id", &text(&address)).tags("nat-{n}");
    elastic.computed("public_ip", &text(&format!("52.{}.{}.{{n}}", site / 256 % 256, site % 256)));
    elastic.computed("association_id", r#""""#).computed("instance", r#""""#).computed("network_interface", r#""""#);
    elastic.computed("private_ip", r#""""#).computed("public_ipv4_pool", r#""amazon""#).computed("vpc", "true");

    let mut translator = Block::many("aws_nat_gateway", wiring.name("this"), ZONES);
    translator.later("allocation_id", &text(&address), &wiring.each("aws_eip", "nat"));
    translator.later("subnet_id", &text(&public), &wiring.each("aws_subnet", "public"));
    translator.set("connectivity_type", r#""public""#).set("secondary_allocation_ids", "null");
    translator.set("timeouts", "null").computed("id", &text(&nat)).computed("association_id", r#""""#);
    translator.computed("network_interface_id", &text(&ids("eni", site, 5))).computed("private_ip", r#""10.0.0.9""#);
    translator.computed("public_ip", r#""52.0.0.9""#).computed("secondary_private_ip_address_count", "0");
    translator.computed("secondary_private_ip_addresses", "[]").tags("nat-{n}");

    let mut attachment = Block::one("aws_ec2_transit_gateway_vpc_attachment", wiring.name("hub"));
    attachment.later(
        "subnet_ids",
        &all(&private),
        &References(vec![wiring.each("aws_subnet", "private").0[0].clone()]),
    );
    attachment.later("transit_gateway_id", &text(HUB), &wiring.hub).later("vpc_id", vpc_id, &wiring.vpc);
    attachment.set("appliance_mode_support", r#""disable""#).set("dns_support", r#""enable""#);
    attachment.set("ipv6_support", r#""disable""#).set("transit_gateway_default_route_table_association", "true");
    attachment.set("transit_gateway_default_route_table_propagation", "true").tags("hub");
    attachment.computed("id", &text(&id("tgw-attach", site, 9))).computed("vpc_owner_id", r#""123456789012""#);
    attachment.computed("security_group_referencing_support", r#""disable""#);

    let mut endpoint = Block::one("aws_vpc_endpoint", wiring.name("s3"));
    let mut tables_of_endpoint = wiring.one("aws_route_table", "public", "id");
    tables_of_endpoint.0.push(table_of_private.0[0].clone());
    let named: Vec<_> = std::iter::once(&public_table).chain([&private_table; ZONES]).zip([0, 0, 1, 2]).collect();
    let named: Vec<_> = named.into_iter().map(|(table, at)| text(&fill(table, at, &[]))).collect();
    endpoint.later("route_table_ids", &format!("[{}]", named.join(",")), &tables_of_endpoint);
    endpoint.later("vpc_id", vpc_id, &wiring.vpc).set("service_name", r#""com.amazonaws.us-east-1.s3""#);
    endpoint.set("vpc_endpoint_type", r#""Gateway""#).set("auto_accept", "null").set("timeouts", "null");
    endpoint.computed("id", &text(&id("vpce", site, 8))).arn("vpc-endpoint", site).owned().tags("s3");
    endpoint.computed("cidr_blocks", "[]").computed("dns_entry", "[]").computed("network_interface_ids", "[]");
    endpoint
        .computed("prefix_list_id", r#""pl-63a5400a""#)
        .computed("policy", &text(POLICY))
        .computed("state", r#""""#);
    endpoint.computed("private_dns_enabled", "false").computed("requester_managed", "false");
    endpoint.computed("security_group_ids", "[]").computed("subnet_ids", "[]");

    vec![
        vpc,
        gateway,
        subnets(site, wiring, Layer::Public, vpc_id),
        subnets(site, wiring, Layer::Private, vpc_id),
        table,
        tables,
        to_internet,
        to_nat,
        to_hub,
        elastic,
        translator,
        association(site, wiring, Layer::Public, (&wiring.one("aws_route_table", "public", "id"), &public_table)),
        association(site, wiring, Layer::Private, (&table_of_private, &private_table)),
        attachment,
        endpoint,
    ]
}

#[derive(Clone, Copy)]
pub(super) enum Layer {
    Public,
    Private,
}

impl Layer {
    fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }

    pub(super) fn subnet(self, site: usize) -> String {
        match self {
            Self::Public => ids("subnet", site, 1),
            Self::Private => ids("subnet", site, 2),
        }
    }
}

fn subnets(site: usize, wiring: &Wiring, layer: Layer, vpc_id: &str) -> Block {
    let from = match layer {
        Layer::Public => 0,
        Layer::Private => 4,
    };
    let public = matches!(layer, Layer::Public).to_string();
    let mut subnet = Block::many("aws_subnet", wiring.name(layer.name()), ZONES);
    subnet.each = blocks(site, from).to_vec();
    subnet.given("availability_zone", r#""us-east-1{zone}""#, &References::of(&["var.azs", "count.index"]));
    subnet.given("cidr_block", r#""{each}""#, &References::of(&["var.cidr", "count.index"]));
    subnet.later("vpc_id", vpc_id, &wiring.vpc).set("map_public_ip_on_launch", &public);
    subnet.set("assign_ipv6_address_on_creation", "false").set("customer_owned_ipv4_pool", "null");
    subnet.set("enable_dns64", "false").set("enable_lni_at_device_index", "null").set("ipv6_cidr_block", "null");
    subnet.set("enable_resource_name_dns_a_record_on_launch", "false").set("ipv6_native", "false");
    subnet.set("enable_resource_name_dns_aaaa_record_on_launch", "false").set("outpost_arn", "null");
    subnet.set("map_customer_owned_ip_on_launch", "null").set("timeouts", "null").arn("subnet", site).owned();
    subnet.computed("availability_zone_id", r#""use1-az{n}""#).computed("id", &text(&layer.subnet(site)));
    subnet.computed("ipv6_cidr_block_association_id", r#""""#).tags(&format!("{}-{{zone}}", layer.name()));
    subnet.computed("private_dns_hostname_type_on_launch", r#""ip-name""#);
    subnet
}

fn table_of(table: &mut Block, own: &str, vpc_id: &str, vpc: &References) {
    table
        .later("vpc_id", vpc_id, vpc)
        .set("timeouts", "null")
        .arn("route-table", own)
        .computed("id", &text(own))
        .owned();
    table.computed("propagating_vgws", "[]").computed("route", "[]").tags("table-{n}");
}

fn route(route: &mut Block, table: (&References, &str), to: &str, (by, target, id): (&'static str, &References, &str)) {
    let targets = [
        "carrier_gateway_id",
        "core_network_arn",
        "egress_only_gateway_id",
        "gateway_id",
        "local_gateway_id",
        "nat_gateway_id",
        "transit_gateway_id",
        "vpc_endpoint_id",
        "vpc_peering_connection_id",
    ];
    for other in targets.into_iter().filter(|other| *other != by) {
        route.set(other, "null");
    }
    route.later("route_table_id", &text(table.1), table.0).later(by, &text(id), target);
    route.set("destination_cidr_block", &text(to)).set("destination_ipv6_cidr_block", "null");
    route.set("destination_prefix_list_id", "null").set("timeouts", "null");
    route.computed("id", &text(&format!("r-{}{to}", table.1))).computed("instance_id", r#""""#);
    route.computed("instance_owner_id", r#""""#).computed("network_interface_id", r#""""#);
    route.computed("origin", r#""CreateRoute""#).computed("state", r#""active""#);
}

fn association(site: usize, wiring: &Wiring, layer: Layer, table: (&References, &str)) -> Block {
    let mut association = Block::many("aws_route_table_association", wiring.name(layer.name()), ZONES);
    association.later("subnet_id", &text(&layer.subnet(site)), &wiring.each("aws_subnet", layer.name()));
    association.later("route_table_id", &text(table.1), table.0).set("gateway_id", "null").set("timeouts", "null");
    association.computed("id", &text(&layer.subnet(site).replace("subnet", "rtbassoc")));
    association
}
