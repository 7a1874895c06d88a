//! NAT gateways that get back what they send on.

use super::Context;
use crate::{finding::Findings, network::Link, reach::nat_gateway::BehindNat};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, nat) in &context.network.nat_gateways {
        let (Some(declared), Some(subnet)) = (nat.name.in_code(), nat.subnet()) else { continue };
        let (way, answers) = context.routes.behind_nat(id);
        match way {
            BehindNat::Itself => {
                let subnets = subnet.candidates().unwrap_or_default().iter();
                let places = subnets
                    .filter_map(|&subnet| context.network.subnets[subnet].name.label("it stands in this subnet"));
                let routes = answers
                    .iter()
                    .filter_map(|it| context.routes.label(it, "this route sends what it passes on back to it"));
                let name = Link::known(subnet).map_or_else(
                    || "its own subnet".to_owned(),
                    |subnet| format!("its own subnet, `{}`,", context.network.subnets[subnet].name.text()),
                );
                let message =
                    format!("`{}` gets back what it passes on: {name} sends the internet to it", declared.address);
                findings.report(declared.label("this NAT gateway loops"), message).because(places.chain(routes)).help(
                    "give its subnet a route table of its own, whose default route leads to the internet gateway",
                );
            }
            BehindNat::Unknown(why) => findings.unanswered(declared.address.as_str(), why),
            BehindNat::Internet | BehindNat::Nowhere | BehindNat::Elsewhere => (),
        }
    }
}
