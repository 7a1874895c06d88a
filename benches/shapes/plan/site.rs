//! A site: a VPC and what runs in it, written out in the root module or called as a module.

use std::io::{self, Write};

use super::{
    Modules, ZONES,
    balancer::front,
    block::{Block, configuration},
    network::network,
    published,
    words::{Comma, References, text},
    workloads::{parameter, workloads},
};
use crate::shapes::block_of;

/// The id of the transit gateway that all sites share.
pub(super) const HUB: &str = "tgw-0000000000000000a";

/// A VPC and what runs in it.
pub(super) struct Site {
    pub(super) number: usize,
    pub(super) network: Vec<Block>,
    pub(super) app: Vec<Block>,
}

/// How the blocks of a site are called, and how they call each other.
pub(super) struct Wiring {
    /// What begins each name.
    pub(super) prefix: String,
    pub(super) vpc: References,
    pub(super) hub: References,
    pub(super) vpc_of_app: References,
    pub(super) private_subnet: References,
    pub(super) front_subnets: References,
}

impl Wiring {
    pub(super) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// `kind.name.attribute`
    pub(super) fn one(&self, kind: &str, name: &str, attribute: &str) -> References {
        let block = format!("{kind}.{}", self.name(name));
        References(vec![format!("{block}.{attribute}"), block])
    }

    /// `kind.name[count.index].attribute`
    pub(super) fn each(&self, kind: &str, name: &str) -> References {
        References(vec![format!("{kind}.{}", self.name(name)), "count.index".to_owned()])
    }
}

impl Site {
    pub(super) fn written_out(number: usize) -> Self {
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

    pub(super) fn of_modules(number: usize) -> Self {
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

    pub(super) fn module(&self) -> String {
        format!("module.site_{:04}", self.number)
    }

    /// The call of the site's module, with all that is in it.
    pub(super) fn call(&self, modules: Modules, out: &mut dyn Write) -> io::Result<()> {
        let zones = ["data.aws_availability_zones.available.names", "data.aws_availability_zones.available"];
        let (hub, zones) = (hub().json(), References::of(&zones).json());
        write!(out, r#""site_{:04}":{{"source":"./site","expressions":{{"transit_gateway_id":{hub},"#, self.number)?;
        write!(out, r#""cidr":{{"constant_value":"{}"}},"azs":{zones}}},"module":{{"#, block_of(self.number))?;
        write!(out, r#""module_calls":{{"network":{{"source":"./network","expressions":{{"#)?;
        write!(out, r#""transit_gateway_id":{{"references":["var.transit_gateway_id"]}},"#)?;
        write!(out, r#""cidr":{{"references":["var.cidr"]}},"azs":{{"references":["var.azs"]}}}},"module":{{"#)?;
        write!(out, r#""outputs":{{"private_subnet_ids":{{"expression":{{"references":["aws_subnet.private"]}}}},"#)?;
        write!(out, r#""public_subnet_ids":{{"expression":{{"references":["aws_subnet.public"]}}}},"#)?;
        let vpc = References::of(&["aws_vpc.this[0].id", "aws_vpc.this[0]", "aws_vpc.this"]).json();
        write!(out, r#""vpc_id":{{"expression":{vpc}}}"#)?;
        let more = modules.more(&self.network);
        published::outputs(more, out)?;
        write!(out, r#"}},"resources":["#)?;
        let mut comma = Comma::default();
        configuration(&self.network, &mut comma, out)?;
        published::resources(more, &mut comma, out)?;
        write!(out, r#"],"variables":{{"azs":{{}},"cidr":{{}},"transit_gateway_id":{{}}"#)?;
        published::variables(more, out)?;
        write!(out, "}}}}}},")?;
        write!(out, r#""app":{{"source":"./app","expressions":{{"#)?;
        let mut comma = Comma::default();
        for output in ["vpc_id", "public_subnet_ids", "private_subnet_ids"] {
            let value = References(vec![format!("module.network.{output}"), "module.network".to_owned()]).json();
            write!(out, r#"{}"{output}":{value}"#, comma.next())?;
        }
        let more = modules.more(&self.app);
        write!(out, r#"}},"module":{{"resources":["#)?;
        let mut comma = Comma::default();
        configuration(&self.app, &mut comma, out)?;
        published::resources(more, &mut comma, out)?;
        write!(out, r#"],"variables":{{"private_subnet_ids":{{}},"public_subnet_ids":{{}},"vpc_id":{{}}"#)?;
        published::variables(more, out)?;
        write!(out, "}}}}}}}},")?;
        write!(out, r#""variables":{{"azs":{{}},"cidr":{{}},"transit_gateway_id":{{}}}}}}}}"#)
    }
}

/// The /22s of three zones in a site's block, from the given one on.
pub(super) fn blocks(site: usize, from: usize) -> [String; ZONES] {
    std::array::from_fn(|zone| format!("10.{}.{}.0/22", site / 4 % 256, site % 4 * 64 + (from + zone) * 4))
}

fn hub() -> References {
    References::of(&["aws_ec2_transit_gateway.hub.id", "aws_ec2_transit_gateway.hub"])
}

/// The transit gateway that all sites share, and parameters that fill the plan up to its size.
pub(super) fn shared(rest: usize) -> Vec<Block> {
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
