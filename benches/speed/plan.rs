//! Plans of any size, as `terraform show -json` prints them, whose networks are those that people build.
//!
//! A plan is a row of sites, 100 resources each: a network of 33 (a VPC of three zones, public and private subnets,
//! tables, routes, NAT gateways, a transit gateway attachment) and what runs in it (a load balancer, its groups, and 58
//! resources that are no part of a network). Every second site is written out in the root module, where references name
//! what they mean. The others are modules: there a reference goes through inputs, outputs and locals. Every twentieth
//! load balancer has a node in a private subnet.
//!
//! The same shape gives the same bytes.

use std::{
    collections::BTreeMap,
    fmt::Display,
    io::{self, Write},
};

/// What a plan is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// How many managed resources it has.
    pub(crate) resources: usize,
    pub(crate) ids: Ids,
}

/// Whether the plan creates its resources or finds them there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Everything is created, and no id is known.
    Unknown,
    /// Everything is there and stays as it is, and every id is known.
    Known,
}

const RESOURCES_IN_SITE: usize = 100;
const ZONES: usize = 3;
const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";
const HUB: &str = "tgw-0000000000000000a";

/// The data source that every plan of a network has.
const ZONES_OF_REGION: &str = concat!(
    r#"{"address":"data.aws_availability_zones.available","mode":"data","type":"aws_availability_zones","#,
    r#""name":"available","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":0,"values":{"#,
    r#""all_availability_zones":null,"exclude_names":null,"exclude_zone_ids":null,"filter":null,"#,
    r#""group_names":["us-east-1"],"id":"us-east-1","names":["us-east-1a","us-east-1b","us-east-1c"],"state":null,"#,
    r#""timeouts":null,"zone_ids":["use1-az1","use1-az2","use1-az4"]},"sensitive_values":{"group_names":[false],"#,
    r#""names":[false,false,false],"zone_ids":[false,false,false]}}"#,
);

/// Writes the plan, and never holds more than one site of it.
pub(crate) fn write(shape: Shape, out: &mut dyn Write) -> io::Result<()> {
    let sites = shape.resources.saturating_sub(1) / RESOURCES_IN_SITE;
    let shared = shared(shape.resources.saturating_sub(1 + sites * RESOURCES_IN_SITE));
    let plan = Plan { sites, shared, ids: shape.ids };
    write!(out, r#"{{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{{"root_module":"#)?;
    plan.values(None, out)?;
    write!(out, r#"}},"resource_changes":["#)?;
    plan.changes(out)?;
    write!(out, r#"],"prior_state":{{"format_version":"1.0","terraform_version":"1.11.4","values":{{"root_module":"#)?;
    match shape.ids {
        Ids::Unknown => write!(out, r#"{{"resources":[{ZONES_OF_REGION}]}}"#)?,
        Ids::Known => plan.values(Some(ZONES_OF_REGION), out)?,
    }
    write!(out, r#"}}}},"configuration":{{"provider_config":{{"aws":{{"name":"aws","full_name":"{PROVIDER}","#)?;
    write!(out, r#""expressions":{{"region":{{"constant_value":"us-east-1"}}}}}}}},"root_module":"#)?;
    plan.configuration(out)?;
    writeln!(out, r#"}},"timestamp":"2026-01-01T00:00:00Z","applyable":true,"complete":true,"errored":false}}"#)
}

struct Plan {
    sites: usize,
    /// What belongs to no site.
    shared: Vec<Block>,
    ids: Ids,
}

impl Plan {
    fn written_out(&self) -> impl Iterator<Item = Site> {
        (0..self.sites).step_by(2).map(Site::written_out)
    }

    fn modules(&self) -> impl Iterator<Item = Site> {
        (1..self.sites).step_by(2).map(Site::of_modules)
    }

    fn values(&self, data: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
        write!(out, r#"{{"resources":["#)?;
        let mut comma = Comma::default();
        if let Some(data) = data {
            write!(out, "{}{data}", comma.next())?;
        }
        values("", &self.shared, self.ids, &mut comma, out)?;
        for site in self.written_out() {
            values("", &site.network, self.ids, &mut comma, out)?;
            values("", &site.app, self.ids, &mut comma, out)?;
        }
        write!(out, r#"],"child_modules":["#)?;
        let mut comma = Comma::default();
        for site in self.modules() {
            write!(out, r#"{}{{"address":"{}","child_modules":["#, comma.next(), site.module())?;
            for (comma, name, blocks) in [("", "network", &site.network), (",", "app", &site.app)] {
                let module = format!("{}.module.{name}", site.module());
                write!(out, r#"{comma}{{"address":"{module}","resources":["#)?;
                values(&module, blocks, self.ids, &mut Comma::default(), out)?;
                write!(out, "]}}")?;
            }
            write!(out, "]}}")?;
        }
        write!(out, "]}}")
    }

    fn changes(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut comma = Comma::default();
        changes("", &self.shared, self.ids, &mut comma, out)?;
        for site in self.written_out() {
            changes("", &site.network, self.ids, &mut comma, out)?;
            changes("", &site.app, self.ids, &mut comma, out)?;
        }
        for site in self.modules() {
            changes(&format!("{}.module.network", site.module()), &site.network, self.ids, &mut comma, out)?;
            changes(&format!("{}.module.app", site.module()), &site.app, self.ids, &mut comma, out)?;
        }
        Ok(())
    }

    fn configuration(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, r#"{{"resources":["#)?;
        let mut comma = Comma::default();
        write!(out, r#"{}{{"address":"data.aws_availability_zones.available","mode":"data","#, comma.next())?;
        write!(out, r#""type":"aws_availability_zones","name":"available","provider_config_key":"aws","#)?;
        write!(out, r#""schema_version":0}}"#)?;
        configuration(&self.shared, &mut comma, out)?;
        for site in self.written_out() {
            configuration(&site.network, &mut comma, out)?;
            configuration(&site.app, &mut comma, out)?;
        }
        write!(out, r#"],"module_calls":{{"#)?;
        let mut comma = Comma::default();
        for site in self.modules() {
            write!(out, "{}", comma.next())?;
            site.call(out)?;
        }
        write!(out, "}}}}")
    }
}

// Sites ---------------------------------------------------------------------------------------------------------------

/// A VPC and what runs in it.
struct Site {
    number: usize,
    network: Vec<Block>,
    app: Vec<Block>,
}

/// How the blocks of a site are called, and how they call each other.
struct Wiring {
    /// What begins each name.
    prefix: String,
    vpc: References,
    hub: References,
    vpc_of_app: References,
    private_subnet: References,
    front_subnets: References,
}

impl Wiring {
    fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// `kind.name.attribute`
    fn one(&self, kind: &str, name: &str, attribute: &str) -> References {
        let block = format!("{kind}.{}", self.name(name));
        References(vec![format!("{block}.{attribute}"), block])
    }

    /// `kind.name[count.index].attribute`
    fn each(&self, kind: &str, name: &str) -> References {
        References(vec![format!("{kind}.{}", self.name(name)), "count.index".to_owned()])
    }
}

impl Site {
    fn written_out(number: usize) -> Self {
        let prefix = format!("s{number:04}_");
        let subnet = |name: &str, zone| {
            let block = format!("aws_subnet.{prefix}{name}");
            [format!("{block}[{zone}].id"), format!("{block}[{zone}]"), block]
        };
        let last = if number.is_multiple_of(20) { "private" } else { "public" };
        let front = [subnet("public", 0), subnet("public", 1), subnet(last, 2)].concat();
        let vpc = References(vec![format!("aws_vpc.{prefix}this.id"), format!("aws_vpc.{prefix}this")]);
        let wiring = Wiring {
            vpc: vpc.clone(),
            hub: hub(),
            vpc_of_app: vpc,
            private_subnet: References(vec![format!("aws_subnet.{prefix}private"), "count.index".to_owned()]),
            front_subnets: References(front),
            prefix,
        };
        Self::wired(number, &wiring)
    }

    fn of_modules(number: usize) -> Self {
        let wiring = Wiring {
            prefix: String::new(),
            vpc: References::of(&["local.vpc_id"]),
            hub: References::of(&["var.transit_gateway_id"]),
            vpc_of_app: References::of(&["var.vpc_id"]),
            private_subnet: References::of(&["var.private_subnet_ids", "count.index"]),
            front_subnets: References::of(&["var.public_subnet_ids"]),
        };
        Self::wired(number, &wiring)
    }

    fn wired(number: usize, wiring: &Wiring) -> Self {
        let mut app = front(number, wiring);
        app.extend(workloads(number, wiring));
        Self { number, network: network(number, wiring), app }
    }

    fn module(&self) -> String {
        format!("module.site_{:04}", self.number)
    }

    /// The call of the site's module, with all that is in it.
    fn call(&self, out: &mut dyn Write) -> io::Result<()> {
        let zones = ["data.aws_availability_zones.available.names", "data.aws_availability_zones.available"];
        let (hub, zones) = (hub().json(), References::of(&zones).json());
        write!(out, r#""site_{:04}":{{"source":"./site","expressions":{{"transit_gateway_id":{hub},"#, self.number)?;
        write!(out, r#""cidr":{{"constant_value":"{}"}},"azs":{zones}}},"module":{{"#, block(self.number))?;
        write!(out, r#""module_calls":{{"network":{{"source":"./network","expressions":{{"#)?;
        write!(out, r#""transit_gateway_id":{{"references":["var.transit_gateway_id"]}},"#)?;
        write!(out, r#""cidr":{{"references":["var.cidr"]}},"azs":{{"references":["var.azs"]}}}},"module":{{"#)?;
        write!(out, r#""outputs":{{"private_subnet_ids":{{"expression":{{"references":["aws_subnet.private"]}}}},"#)?;
        write!(out, r#""public_subnet_ids":{{"expression":{{"references":["aws_subnet.public"]}}}},"#)?;
        let vpc = References::of(&["aws_vpc.this[0].id", "aws_vpc.this[0]", "aws_vpc.this"]).json();
        write!(out, r#""vpc_id":{{"expression":{vpc}}}}},"resources":["#)?;
        configuration(&self.network, &mut Comma::default(), out)?;
        write!(out, r#"],"variables":{{"azs":{{}},"cidr":{{}},"transit_gateway_id":{{}}}}}}}},"#)?;
        write!(out, r#""app":{{"source":"./app","expressions":{{"#)?;
        let mut comma = Comma::default();
        for output in ["vpc_id", "public_subnet_ids", "private_subnet_ids"] {
            let value = References(vec![format!("module.network.{output}"), "module.network".to_owned()]).json();
            write!(out, r#"{}"{output}":{value}"#, comma.next())?;
        }
        write!(out, r#"}},"module":{{"resources":["#)?;
        configuration(&self.app, &mut Comma::default(), out)?;
        write!(out, r#"],"variables":{{"private_subnet_ids":{{}},"public_subnet_ids":{{}},"vpc_id":{{}}}}}}}}}},"#)?;
        write!(out, r#""variables":{{"azs":{{}},"cidr":{{}},"transit_gateway_id":{{}}}}}}}}"#)
    }
}

/// A site's own block of addresses; there are 1,024 of them, then they begin again.
fn block(site: usize) -> String {
    format!("10.{}.{}.0/18", site / 4 % 256, site % 4 * 64)
}

/// The /22s of three zones in a site's block, from the given one on.
fn blocks(site: usize, from: usize) -> [String; ZONES] {
    std::array::from_fn(|zone| format!("10.{}.{}.0/22", site / 4 % 256, site % 4 * 64 + (from + zone) * 4))
}

fn hub() -> References {
    References::of(&["aws_ec2_transit_gateway.hub.id", "aws_ec2_transit_gateway.hub"])
}

/// The transit gateway that all sites share, and parameters that fill the plan up to its size.
fn shared(rest: usize) -> Vec<Block> {
    let mut hub = Block::one("aws_ec2_transit_gateway", "hub");
    hub.set("amazon_side_asn", "64512").set("auto_accept_shared_attachments", r#""disable""#);
    hub.set("default_route_table_association", r#""enable""#).set("description", r#""between the sites""#);
    hub.set("default_route_table_propagation", r#""enable""#).set("dns_support", r#""enable""#);
    hub.set("multicast_support", r#""disable""#).set("transit_gateway_cidr_blocks", "null");
    hub.set("vpn_ecmp_support", r#""enable""#).computed("id", &text(HUB)).tags("hub");
    hub.computed("association_default_route_table_id", r#""tgw-rtb-0000000000000000a""#);
    hub.computed("propagation_default_route_table_id", r#""tgw-rtb-0000000000000000a""#);
    let mut blocks = vec![hub];
    if rest > 0 {
        blocks.push(parameter(Block::many("aws_ssm_parameter", "rest", rest), "rest"));
    }
    blocks
}

/// The 33 resources of a network.
fn network(site: usize, wiring: &Wiring) -> Vec<Block> {
    let vpc_id = text(&id("vpc", site, 0));
    let vpc_id = vpc_id.as_str();
    let (public, private) = (ids("subnet", site, 1), ids("subnet", site, 2));
    let (public_table, private_table) = (id("rtb", site, 3), ids("rtb", site, 4));
    let (nat, address, internet) = (ids("nat", site, 5), ids("eipalloc", site, 6), id("igw", site, 7));

    let mut vpc = match wiring.prefix.as_str() {
        "" => Block::many("aws_vpc", "this", 1),
        _ => Block::one("aws_vpc", wiring.name("this")),
    };
    vpc.given("cidr_block", &text(&block(site)), &References::of(&["var.cidr"])).set("enable_dns_hostnames", "true");
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
enum Layer {
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

    fn subnet(self, site: usize) -> String {
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

/// The 9 resources of a load balancer.
fn front(site: usize, wiring: &Wiring) -> Vec<Block> {
    let vpc_id = text(&id("vpc", site, 0));
    let arn = |kind: &str| {
        text(&format!("arn:aws:elasticloadbalancing:us-east-1:123456789012:{kind}/s{site:04}/{site:016x}"))
    };
    let nodes = match site % 20 {
        0 => [node(site, Layer::Public, 0), node(site, Layer::Public, 1), node(site, Layer::Private, 2)],
        _ => [0, 1, 2].map(|zone| node(site, Layer::Public, zone)),
    };
    let mut balancer = Block::one("aws_lb", wiring.name("front"));
    balancer.later("subnets", &format!("[{}]", nodes.join(",")), &wiring.front_subnets);
    let group = &wiring.one("aws_security_group", "lb", "id");
    balancer.later("security_groups", &format!("[{}]", text(&id("sg", site, 10))), group);
    balancer
        .set("name", &text(&format!("s{site:04}-front")))
        .set("internal", "false")
        .set("load_balancer_type", r#""application""#);
    balancer.set("ip_address_type", r#""ipv4""#).set("idle_timeout", "60").set("client_keep_alive", "3600");
    balancer.set("desync_mitigation_mode", r#""defensive""#).set("drop_invalid_header_fields", "false");
    balancer.set("enable_deletion_protection", "false").set("enable_http2", "true").set("access_logs", "[]");
    balancer.set("enable_tls_version_and_cipher_suite_headers", "false").set("enable_waf_fail_open", "false");
    balancer.set("enable_xff_client_port", "false").set("enable_zonal_shift", "false").set("connection_logs", "[]");
    balancer.set("preserve_host_header", "false").set("xff_header_processing_mode", r#""append""#);
    balancer.set("customer_owned_ipv4_pool", "null").set("ipam_pools", "[]").set("timeouts", "null");
    balancer.computed("arn", &arn("loadbalancer/app")).computed("id", &arn("loadbalancer/app"));
    balancer.computed("dns_name", r#""front.us-east-1.elb.amazonaws.com""#).computed("subnet_mapping", "[]");
    balancer.computed("vpc_id", &vpc_id).computed("zone_id", r#""Z35SXDOTRQ7X7K""#).tags("front");

    let mut targets = Block::one("aws_lb_target_group", wiring.name("app"));
    targets.set("name", &text(&format!("s{site:04}-app"))).set("port", "8080").set("protocol", r#""HTTP""#);
    targets.set("target_type", r#""ip""#).set("protocol_version", r#""HTTP1""#).set("slow_start", "0");
    targets.set("deregistration_delay", r#""300""#).set("load_balancing_algorithm_type", r#""round_robin""#);
    targets.set("health_check", concat!(
        r#"[{"enabled":true,"healthy_threshold":3,"interval":30,"matcher":"200","path":"/health","port":"traffic-port","#,
        r#""protocol":"HTTP","timeout":5,"unhealthy_threshold":3}]"#,
    ));
    targets.later("vpc_id", &vpc_id, &wiring.vpc_of_app).computed("arn", &arn("targetgroup"));
    targets.computed("id", &arn("targetgroup")).computed("load_balancer_arns", "[]").computed("stickiness", "[]");
    targets.tags("app");

    let mut listener = Block::one("aws_lb_listener", wiring.name("https"));
    let action = wiring.one("aws_lb_target_group", "app", "arn").json();
    listener.later("load_balancer_arn", &arn("loadbalancer/app"), &wiring.one("aws_lb", "front", "arn"));
    listener
        .set("port", "443")
        .set("protocol", r#""HTTPS""#)
        .set("ssl_policy", r#""ELBSecurityPolicy-TLS13-1-2-2021-06""#);
    listener.set("alpn_policy", "null").set("timeouts", "null").computed("mutual_authentication", "[]").tags("https");
    listener.set("certificate_arn", r#""arn:aws:acm:us-east-1:123456789012:certificate/11111111""#);
    listener.computed("arn", &arn("listener/app")).computed("id", &arn("listener/app"));
    listener.attributes.insert("default_action", Attribute {
        planned: Some(r#"[{"authenticate_cognito":[],"authenticate_oidc":[],"fixed_response":[],"forward":[],"redirect":[],"type":"forward"}]"#.to_owned()),
        unknown: Some(r#"[{"authenticate_cognito":[],"authenticate_oidc":[],"fixed_response":[],"forward":[],"order":true,"redirect":[],"target_group_arn":true}]"#.to_owned()),
        applied: format!(r#"[{{"authenticate_cognito":[],"authenticate_oidc":[],"fixed_response":[],"forward":[],"order":1,"redirect":[],"target_group_arn":{},"type":"forward"}}]"#, arn("targetgroup")),
        expression: Some(format!(r#"[{{"target_group_arn":{action},"type":{{"constant_value":"forward"}}}}]"#)),
    });

    let mut blocks = vec![balancer, targets, listener];
    for (slot, name) in [(10, "lb"), (11, "app")] {
        let mut group = Block::one("aws_security_group", wiring.name(name));
        group.later("vpc_id", &vpc_id, &wiring.vpc_of_app).set("name_prefix", &text(&format!("{name}-")));
        group.set("description", r#""Managed by Terraform""#).set("revoke_rules_on_delete", "false");
        group.set("timeouts", "null").arn("security-group", site).computed("id", &text(&id("sg", site, slot))).owned();
        group.computed("name", &text(&format!("{name}-{site:04}"))).computed("egress", "[]").computed("ingress", "[]");
        group.tags(name);
        blocks.push(group);
    }
    for (name, slot, way, from) in [
        ("lb_in", 10, "ingress", None),
        ("lb_out", 10, "egress", None),
        ("app_in", 11, "ingress", Some(("lb", 10))),
        ("app_out", 11, "egress", None),
    ] {
        let kind =
            if way == "ingress" { "aws_vpc_security_group_ingress_rule" } else { "aws_vpc_security_group_egress_rule" };
        let group = if slot == 10 { "lb" } else { "app" };
        let mut rule = Block::one(kind, wiring.name(name));
        let references = wiring.one("aws_security_group", group, "id");
        rule.later("security_group_id", &text(&id("sg", site, slot)), &references);
        if let Some((other, slot)) = from {
            let references = wiring.one("aws_security_group", other, "id");
            rule.later("referenced_security_group_id", &text(&id("sg", site, slot)), &references);
            rule.set("cidr_ipv4", "null").set("from_port", "8080").set("to_port", "8080");
        } else {
            let port = if way == "ingress" { "443" } else { "null" };
            rule.set("cidr_ipv4", r#""0.0.0.0/0""#).set("referenced_security_group_id", "null");
            rule.set("from_port", port).set("to_port", port);
        }
        rule.set("ip_protocol", if way == "ingress" { r#""tcp""# } else { r#""-1""# }).set("cidr_ipv6", "null");
        rule.set("description", "null").set("prefix_list_id", "null").arn("security-group-rule", site).tags(name);
        rule.computed("id", &text(&id("sgr", site, slot * 2 + usize::from(way == "egress"))));
        rule.computed("security_group_rule_id", &text(&id("sgr", site, slot * 2 + usize::from(way == "egress"))));
        blocks.push(rule);
    }
    blocks
}

fn node(site: usize, layer: Layer, zone: usize) -> String {
    text(&fill(&layer.subnet(site), zone, &[]))
}

/// The 58 resources that are no part of a network.
fn workloads(site: usize, wiring: &Wiring) -> Vec<Block> {
    let many = |kind, name: &str, count| Block::many(kind, wiring.name(name), count);
    let tier = |name: &str| format!("s{site:04}-{name}-{{n}}");

    let mut workers = many("aws_instance", "worker", 12);
    workers.later("subnet_id", &text(&ids("subnet", site, 2).replace("{id}", "{zone_id}")), &wiring.private_subnet);
    let group = &wiring.one("aws_security_group", "app", "id");
    workers.later("vpc_security_group_ids", &format!("[{}]", text(&id("sg", site, 11))), group);
    workers.set("ami", r#""ami-0abcdef1234567890""#).set("instance_type", r#""m7i.large""#).set("hibernation", "null");
    workers.set("get_password_data", "false").set("source_dest_check", "true").set("timeouts", "null");
    workers.set("credit_specification", "[]").set("launch_template", "[]").set("force_destroy", "false");
    workers.set("user_data_replace_on_change", "false").set("volume_tags", "null");
    workers.set("iam_instance_profile", "null").arn("instance", site).computed("id", &text(&ids("i", site, 12)));
    for name in ["availability_zone", "host_id", "key_name", "password_data", "private_dns", "public_dns", "public_ip"]
    {
        workers.computed(name, r#""""#);
    }
    for name in ["cpu_options", "ebs_block_device", "metadata_options", "network_interface", "root_block_device"] {
        workers.computed(name, "[]");
    }
    workers.computed("private_ip", r#""10.0.0.{n}""#).computed("instance_state", r#""running""#).tags("worker-{n}");

    let mut volumes = many("aws_ebs_volume", "data", 6);
    volumes.set("availability_zone", r#""us-east-1{zone}""#).set("size", "200").set("type", r#""gp3""#);
    volumes.set("final_snapshot", "false").set("outpost_arn", "null").set("timeouts", "null").arn("volume", site);
    volumes.computed("encrypted", "true").computed("id", &text(&ids("vol", site, 13))).computed("iops", "3000");
    volumes.computed("kms_key_id", r#""""#).computed("throughput", "125").tags("data-{n}");
    let mut attachments = many("aws_volume_attachment", "data", 6);
    attachments.set("device_name", r#""/dev/sdf""#).set("force_detach", "null").set("skip_destroy", "null");
    attachments.set("stop_instance_before_detaching", "null").computed("id", &text(&ids("vai", site, 13)));
    attachments.later("instance_id", &text(&ids("i", site, 12)), &wiring.each("aws_instance", "worker"));
    attachments.later("volume_id", &text(&ids("vol", site, 13)), &wiring.each("aws_ebs_volume", "data"));

    let mut logs = many("aws_cloudwatch_log_group", "app", 10);
    logs.set("name", &text(&tier("logs"))).set("retention_in_days", "90").set("skip_destroy", "false");
    logs.set("kms_key_id", "null").arn("log-group", site).computed("id", &text(&tier("logs"))).tags("logs-{n}");
    logs.computed("log_group_class", r#""STANDARD""#).computed("name_prefix", r#""""#);

    let mut alarms = many("aws_cloudwatch_metric_alarm", "cpu", 8);
    alarms.set("alarm_name", &text(&tier("cpu"))).set("comparison_operator", r#""GreaterThanThreshold""#);
    alarms.set("evaluation_periods", "3").set("metric_name", r#""CPUUtilization""#).set("namespace", r#""AWS/EC2""#);
    alarms.set("period", "60").set("statistic", r#""Average""#).set("threshold", "90").set("actions_enabled", "true");
    alarms.set("alarm_actions", "null").set("insufficient_data_actions", "null").set("metric_query", "[]");
    alarms.set("ok_actions", "null").set("treat_missing_data", r#""missing""#).set("unit", "null");
    let instances = References(vec![wiring.each("aws_instance", "worker").0[0].clone(), "count.index".to_owned()]);
    alarms.later("dimensions", &format!(r#"{{"InstanceId":{}}}"#, text(&ids("i", site, 12))), &instances);
    alarms.arn("alarm", site).computed("id", &text(&tier("cpu"))).tags("cpu-{n}");
    alarms.computed("evaluate_low_sample_count_percentiles", r#""""#);

    let mut roles = many("aws_iam_role", "app", 4);
    roles.set("name", &text(&tier("app"))).set("assume_role_policy", &text(POLICY)).set("path", r#""/""#);
    roles.set("description", "null").set("force_detach_policies", "false").set("max_session_duration", "3600");
    roles.set("permissions_boundary", "null").arn("role", site).computed("id", &text(&tier("app"))).tags("app-{n}");
    roles.computed("create_date", r#""2026-01-01T00:00:00Z""#).computed("inline_policy", "[]");
    roles.computed("managed_policy_arns", "[]").computed("name_prefix", r#""""#).computed("unique_id", r#""AROA""#);
    let mut policies = many("aws_iam_policy", "app", 2);
    policies.set("name", &text(&tier("policy"))).set("policy", &text(POLICY)).set("path", r#""/""#);
    policies.set("description", "null").arn("policy", site).computed("id", &text(&tier("policy"))).tags("app-{n}");
    policies.computed("attachment_count", "2").computed("name_prefix", r#""""#).computed("policy_id", r#""ANPA""#);
    let mut attached = many("aws_iam_role_policy_attachment", "app", 4);
    attached.later("role", &text(&tier("app")), &wiring.each("aws_iam_role", "app"));
    attached.set("policy_arn", r#""arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore""#);
    attached.computed("id", &text(&tier("app-attached")));

    let mut buckets = many("aws_s3_bucket", "data", 2);
    buckets
        .set("bucket", &text(&tier("data")))
        .set("force_destroy", "false")
        .set("timeouts", "null")
        .arn("bucket", site);
    for name in
        ["cors_rule", "grant", "lifecycle_rule", "logging", "replication_configuration", "versioning", "website"]
    {
        buckets.computed(name, "[]");
    }
    for name in ["acl", "bucket_domain_name", "bucket_regional_domain_name", "hosted_zone_id", "policy", "region"] {
        buckets.computed(name, r#""""#);
    }
    buckets.computed("id", &text(&tier("data"))).tags("data-{n}");
    let mut key = many("aws_kms_key", "data", 1);
    key.set("customer_master_key_spec", r#""SYMMETRIC_DEFAULT""#).set("description", r#""for the data""#);
    key.set("enable_key_rotation", "true").set("is_enabled", "true").set("key_usage", r#""ENCRYPT_DECRYPT""#);
    key.set("custom_key_store_id", "null")
        .set("deletion_window_in_days", "30")
        .set("timeouts", "null")
        .arn("key", site);
    key.computed("id", &text(&id("key", site, 14))).computed("policy", &text(POLICY)).tags("data");
    let parameters = parameter(many("aws_ssm_parameter", "app", 3), &format!("s{site:04}"));
    vec![workers, volumes, attachments, logs, alarms, roles, policies, attached, buckets, key, parameters]
}

fn parameter(mut parameter: Block, of: &str) -> Block {
    let name = text(&format!("/{of}/{{n}}"));
    parameter.set("name", &name).set("type", r#""String""#).set("allowed_pattern", "null").set("description", "null");
    parameter.set("overwrite", "null").arn("parameter", of).computed("data_type", r#""text""#).computed("id", &name);
    parameter.set("tier", r#""Standard""#).computed("version", "1").set("value", r#""on""#).tags(of);
    parameter
}

const POLICY: &str =
    r#"{\"Statement\":[{\"Action\":\"*\",\"Effect\":\"Allow\",\"Resource\":\"*\"}],\"Version\":\"2012-10-17\"}"#;

// Blocks --------------------------------------------------------------------------------------------------------------

/// One `resource` of the code, which `count` makes into several.
///
/// In its values `{n}` is the instance's index, `{id}` the same as four digits, `{zone}` and `{zone_id}` its zone as a
/// letter and as four digits, and `{each}` its own of `each`.
struct Block {
    kind: &'static str,
    name: String,
    count: Option<usize>,
    each: Vec<String>,
    attributes: BTreeMap<&'static str, Attribute>,
}

/// What an attribute is in each part of a plan.
struct Attribute {
    /// In `after`, if it is known there.
    planned: Option<String>,
    /// In `after_unknown`.
    unknown: Option<String>,
    /// When it is there.
    applied: String,
    /// In `configuration`, if it is written there.
    expression: Option<String>,
}

impl Block {
    fn one(kind: &'static str, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), count: None, each: vec![], attributes: BTreeMap::new() }
    }

    fn many(kind: &'static str, name: impl Into<String>, count: usize) -> Self {
        Self { count: Some(count), ..Self::one(kind, name) }
    }

    /// An argument that is written as a constant, or left out.
    fn set(&mut self, name: &'static str, value: &str) -> &mut Self {
        let expression = (value != "null" && value != "[]").then(|| written(value));
        let planned = Some(value.to_owned());
        self.attributes.insert(name, Attribute { planned, unknown: None, applied: value.to_owned(), expression });
        self
    }

    /// An argument whose value follows from what is known.
    fn given(&mut self, name: &'static str, value: &str, references: &References) -> &mut Self {
        let (planned, expression) = (Some(value.to_owned()), Some(references.json()));
        self.attributes.insert(name, Attribute { planned, unknown: None, applied: value.to_owned(), expression });
        self
    }

    /// An argument that is known after apply.
    fn later(&mut self, name: &'static str, value: &str, references: &References) -> &mut Self {
        let (unknown, expression) = (Some("true".to_owned()), Some(references.json()));
        self.attributes.insert(name, Attribute { planned: None, unknown, applied: value.to_owned(), expression });
        self
    }

    /// What the provider answers.
    fn computed(&mut self, name: &'static str, value: &str) -> &mut Self {
        let unknown = Some("true".to_owned());
        let attribute = Attribute { planned: None, unknown, applied: value.to_owned(), expression: None };
        self.attributes.insert(name, attribute);
        self
    }

    fn arn(&mut self, kind: &str, site: impl Display) -> &mut Self {
        let arn = text(&format!("arn:aws:ec2:us-east-1:123456789012:{kind}/{site}/{}-{{n}}", self.name));
        self.computed("arn", &arn)
    }

    fn owned(&mut self) -> &mut Self {
        self.computed("owner_id", r#""123456789012""#)
    }

    fn tags(&mut self, name: &str) -> &mut Self {
        let tags = format!(r#"{{"Environment":"production","Name":"{name}","Owner":"platform"}}"#);
        let expressions = [("tags", Some(written(&tags))), ("tags_all", None)];
        for (attribute, expression) in expressions {
            let (planned, unknown) = (Some(tags.clone()), Some("{}".to_owned()));
            self.attributes.insert(attribute, Attribute { planned, unknown, applied: tags.clone(), expression });
        }
        self
    }

    /// The indexes of its instances.
    fn instances(&self) -> impl Iterator<Item = usize> {
        0..self.count.unwrap_or(1)
    }

    /// What identifies one instance, as `planned_values` and `resource_changes` both have it.
    fn head(&self, module: &str, instance: usize) -> String {
        let Self { kind, name, .. } = self;
        let dot = if module.is_empty() { "" } else { "." };
        let (key, index) = match self.count {
            Some(_) => (format!("[{instance}]"), format!(r#""index":{instance},"#)),
            None => (String::new(), String::new()),
        };
        format!(
            r#""address":"{module}{dot}{kind}.{name}{key}","mode":"managed","type":"{kind}","name":"{name}",{index}"provider_name":"{PROVIDER}""#
        )
    }

    fn values(&self, instance: usize, ids: Ids) -> String {
        let value = |attribute: &Attribute| match ids {
            Ids::Unknown => attribute.planned.clone(),
            Ids::Known => Some(attribute.applied.clone()),
        };
        fill(&self.object(value), instance, &self.each)
    }

    fn object(&self, value: impl Fn(&Attribute) -> Option<String>) -> String {
        let members = self.attributes.iter().filter_map(|(name, it)| Some(format!(r#""{name}":{}"#, value(it)?)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }

    fn sensitive(&self) -> &'static str {
        if self.attributes.contains_key("tags") { r#"{"tags":{},"tags_all":{}}"# } else { "{}" }
    }
}

fn values(module: &str, blocks: &[Block], ids: Ids, comma: &mut Comma, out: &mut dyn Write) -> io::Result<()> {
    for block in blocks {
        for instance in block.instances() {
            write!(out, r#"{}{{{},"schema_version":0,"#, comma.next(), block.head(module, instance))?;
            write!(out, r#""values":{},"sensitive_values":{}}}"#, block.values(instance, ids), block.sensitive())?;
        }
    }
    Ok(())
}

fn changes(module: &str, blocks: &[Block], ids: Ids, comma: &mut Comma, out: &mut dyn Write) -> io::Result<()> {
    for block in blocks {
        let unknown = block.object(|it| it.unknown.clone());
        let sensitive = block.sensitive();
        for instance in block.instances() {
            let head = block.head(module, instance);
            write!(out, "{}{{{head}", comma.next())?;
            if !module.is_empty() {
                write!(out, r#","module_address":"{module}""#)?;
            }
            let after = block.values(instance, ids);
            match ids {
                Ids::Unknown => write!(
                    out,
                    r#","change":{{"actions":["create"],"before":null,"after":{after},"after_unknown":{unknown},"before_sensitive":false,"after_sensitive":{sensitive}}}}}"#
                )?,
                Ids::Known => write!(
                    out,
                    r#","change":{{"actions":["no-op"],"before":{after},"after":{after},"after_unknown":{{}},"before_sensitive":{sensitive},"after_sensitive":{sensitive}}}}}"#
                )?,
            }
        }
    }
    Ok(())
}

fn configuration(blocks: &[Block], comma: &mut Comma, out: &mut dyn Write) -> io::Result<()> {
    for block in blocks {
        let Block { kind, name, .. } = block;
        let expressions = block.object(|it| it.expression.clone());
        write!(
            out,
            r#"{}{{"address":"{kind}.{name}","mode":"managed","type":"{kind}","name":"{name}","#,
            comma.next()
        )?;
        write!(out, r#""provider_config_key":"aws","expressions":{expressions},"schema_version":0"#)?;
        if let Some(count) = block.count {
            write!(out, r#","count_expression":{{"constant_value":{count}}}"#)?;
        }
        write!(out, "}}")?;
    }
    Ok(())
}

/// What an expression refers to, as `configuration` lists it.
#[derive(Clone)]
struct References(Vec<String>);

impl References {
    fn of(names: &[&str]) -> Self {
        Self(names.iter().map(|&name| name.to_owned()).collect())
    }

    fn json(&self) -> String {
        let names: Vec<_> = self.0.iter().map(|name| text(name)).collect();
        format!(r#"{{"references":[{}]}}"#, names.join(","))
    }
}

/// A comma, but not before the first.
#[derive(Default)]
struct Comma {
    due: bool,
}

impl Comma {
    fn next(&mut self) -> &'static str {
        if std::mem::replace(&mut self.due, true) { "," } else { "" }
    }
}

/// The expression of a value that follows from nothing, or from the instance's index alone.
fn written(value: &str) -> String {
    let differs = ["{n}", "{zone}"].iter().any(|it| value.contains(it));
    if differs { References::of(&["count.index"]).json() } else { format!(r#"{{"constant_value":{value}}}"#) }
}

/// The id of the one resource that a site has in a slot.
fn id(prefix: &str, site: usize, slot: usize) -> String {
    ids(prefix, site, slot).replace("{id}", "0000")
}

/// The ids of the several resources that a site has in a slot.
fn ids(prefix: &str, site: usize, slot: usize) -> String {
    format!("{prefix}-0{site:08x}{slot:04x}{{id}}")
}

/// The ids of all zones.
fn all(id: &str) -> String {
    let ids: Vec<_> = (0..ZONES).map(|zone| text(&fill(id, zone, &[]))).collect();
    format!("[{}]", ids.join(","))
}

fn text(text: &str) -> String {
    format!("\"{text}\"")
}

fn fill(template: &str, instance: usize, each: &[String]) -> String {
    let zone = instance % ZONES;
    let mut filled = template
        .replace("{n}", &instance.to_string())
        .replace("{id}", &format!("{instance:04x}"))
        .replace("{zone_id}", &format!("{zone:04x}"))
        .replace("{zone}", ["a", "b", "c"][zone]);
    if let Some(own) = each.get(instance) {
        filled = filled.replace("{each}", own);
    }
    filled
}
