//! Plans of any size, as `terraform show -json` prints them, whose networks are those that people build.
//!
//! A plan is a row of sites, 100 resources each: a network of 33 (a VPC of three zones, public and private subnets,
//! tables, routes, NAT gateways, a transit gateway attachment) and what runs in it (a load balancer, its groups, and 58
//! resources that are no part of a network). Every second site is written out in the root module, where references name
//! what they mean. The others are modules: there a reference goes through inputs, outputs and locals. Every twentieth
//! load balancer has a node in a private subnet.
//!
//! The same shape gives the same bytes.

mod balancer;
mod block;
mod network;
mod published;
mod site;
mod words;
mod workloads;

use std::io::{self, Write};

use block::{Block, changes, configuration, values};
use site::{Site, shared};
use words::Comma;

/// What a plan is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// How many managed resources it has.
    pub(crate) resources: usize,
    pub(crate) ids: Ids,
    pub(crate) modules: Modules,
}

impl Shape {
    /// With modules of its own.
    pub(crate) fn of(resources: usize, ids: Ids) -> Self {
        Self { resources, ids, modules: Modules::Own }
    }
}

/// Whether the plan creates its resources or finds them there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Everything is created, and no id is known.
    Unknown,
    /// Everything is there and stays as it is, and every id is known.
    Known,
}

/// Who wrote the modules that a plan calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Modules {
    /// They have what they make, and nothing more.
    Own,
    /// They are of the public registry, and say much that a call makes nothing of: most of the plan is `configuration`.
    Published,
}

const RESOURCES_IN_SITE: usize = 100;
const ZONES: usize = 3;
const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";

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
    let plan = Plan { sites, shared, ids: shape.ids, modules: shape.modules };
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
    modules: Modules,
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
            site.call(self.modules, out)?;
        }
        write!(out, "}}}}")
    }
}
