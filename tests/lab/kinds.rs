//! The kinds of networks that AWS's guides draw, each with what people forget in it.

use crate::{
    generate::Draft,
    network::{Balancer, Route, To, Via, block, everything},
};

pub(crate) fn one_vpc(draft: &mut Draft) {
    vpc_with_ways_out(draft, false);
}

pub(crate) fn dual_stack(draft: &mut Draft) {
    vpc_with_ways_out(draft, true);
}

/// Public subnets, private ones behind NAT gateways, and answers that may go another way.
fn vpc_with_ways_out(draft: &mut Draft, has_ipv6: bool) {
    let vpc = draft.vpc(has_ipv6);
    let count = 2 + draft.chance.below(3);
    let subnets: Vec<_> = (0..count).map(|at| draft.subnet(vpc, at % 2)).collect();
    let list = draft.prefix_list(&["34.64.0.0/10", "192.0.2.0/24"]);
    let mut nats = Vec::new();
    for _ in 0..=draft.chance.below(2) {
        let (subnet, is_private) = (draft.chance.of(&subnets), draft.chance.one_in(6));
        nats.push((subnet, draft.nat(subnet, is_private)));
    }
    for &subnet in &subnets {
        // A NAT gateway of one's own subnet is no gateway: its own packets would come back to it.
        let others = nats.iter().filter(|(of, _)| *of != subnet).map(|(_, via)| *via);
        let ways: Vec<_> = [Via::Internet, Via::Internet].into_iter().chain(others).collect();
        let (most, some) = (draft.chance.of(&ways), draft.chance.of(&ways));
        draft.likely_route(subnet, everything(false), most);
        if draft.chance.one_in(4) {
            draft.lab.subnets[subnet].routes.push(Route { to: To::PrefixList(list), via: some });
        }
        if draft.chance.one_in(5) {
            draft.route(subnet, block("34.64.0.0/10"), Via::Internet);
        }
        if has_ipv6 {
            let way = draft.chance.of(&[Via::Internet, Via::Internet, Via::EgressOnly]);
            draft.likely_route(subnet, everything(true), way);
            if draft.chance.one_in(4) {
                draft.route(subnet, block("2a00::/12"), Via::EgressOnly);
            }
        }
        for _ in 0..=draft.chance.below(2) {
            let is_public = !draft.chance.one_in(3);
            draft.host(subnet, is_public);
        }
    }
}

/// One joined with the next: nothing passes through the one between.
pub(crate) fn three_peers(draft: &mut Draft) {
    let has_ipv6 = draft.chance.one_in(2);
    let list = draft.prefix_list(&["10.0.0.0/16", "10.2.0.0/16"]);
    for vpc in 0..3 {
        draft.vpc(has_ipv6 && vpc < 2);
        for _ in 0..=draft.chance.below(2) {
            let subnet = draft.subnet(vpc, 0);
            let is_public = draft.chance.one_in(2);
            draft.host(subnet, is_public);
        }
    }
    draft.lab.peerings = vec![(0, 1), (1, 2)];
    let has_nat = draft.chance.one_in(2);
    let nat = has_nat.then(|| {
        let subnet = draft.subnet(0, 0);
        (subnet, draft.nat(subnet, false))
    });
    for subnet in 0..draft.lab.subnets.len() {
        let vpc = draft.lab.subnets[subnet].vpc;
        for (at, (one, other)) in [(0, 1), (1, 2)].into_iter().enumerate() {
            if vpc == one || vpc == other {
                draft.routes_to_vpc(subnet, if vpc == one { other } else { one }, Via::Peering(at));
            }
        }
        match nat {
            // By the NAT gateway into the peer, and its answers without a route.
            Some((of, via)) if vpc == 0 && of != subnet && draft.chance.one_in(2) => {
                let routes = &mut draft.lab.subnets[subnet].routes;
                routes.retain(|route| !matches!(route.via, Via::Peering(_)));
                draft.route(subnet, block("10.1.0.0/16"), via);
            }
            Some(_) | None => (),
        }
        if vpc != 1 && draft.chance.one_in(2) {
            // Through the one between: no such way.
            draft.route(subnet, block(if vpc == 0 { "10.2.0.0/16" } else { "10.0.0.0/16" }), Via::Peering(vpc / 2));
        }
        if vpc == 1 && draft.chance.one_in(4) {
            draft.lab.subnets[subnet].routes.clear();
            draft.lab.subnets[subnet].routes.push(Route { to: To::PrefixList(list), via: Via::Peering(0) });
        }
        draft.likely_route(subnet, everything(false), Via::Internet);
        if draft.lab.vpcs[vpc].has_ipv6 && draft.chance.one_in(2) {
            draft.route(subnet, everything(true), Via::Internet);
        }
    }
}

/// VPCs that reach what they share, and not each other.
pub(crate) fn isolated_and_shared(draft: &mut Draft) {
    let has_ipv6 = draft.chance.one_in(3);
    let (of_shared, of_others) = (draft.transit_table(), draft.transit_table());
    let (zones, count) = (1 + draft.chance.below(2), 3 + draft.chance.below(2));
    for vpc in 0..count {
        draft.vpc(has_ipv6);
        let subnets: Vec<_> = (0..zones).map(|zone| draft.subnet(vpc, zone)).collect();
        for &subnet in &subnets {
            if vpc == 0 || subnet == subnets[0] || draft.chance.one_in(2) {
                draft.host(subnet, false);
            }
            draft.likely_route(subnet, block("10.0.0.0/8"), Via::Transit);
            if has_ipv6 {
                draft.likely_route(subnet, block("2600:1f18::/32"), Via::Transit);
            }
        }
        // A zone without the attachment's subnet has no way to the gateway.
        let mut attached = subnets;
        if draft.chance.one_in(4) {
            attached.truncate(1);
        }
        let attachment = draft.attach(vpc, attached, if vpc == 0 { of_shared } else { of_others }, false);
        let table = if vpc == 0 { of_others } else { of_shared };
        draft.lab.transit_tables[table].learns.push(attachment);
        if draft.chance.one_in(5) {
            // Not so isolated.
            draft.lab.transit_tables[of_others].learns.push(attachment);
            draft.lab.transit_tables[of_others].learns.dedup();
        }
    }
    if draft.chance.one_in(2) {
        let gone = if draft.chance.one_in(2) { None } else { Some(0) };
        draft.lab.transit_tables[of_shared].routes.push((block("10.1.0.0/16"), gone));
    }
    if draft.chance.one_in(3) {
        draft.lab.transit_tables[of_others].routes.push((block("10.0.1.0/24"), None));
    }
}

/// One VPC has the way to the internet for all.
pub(crate) fn central_egress(draft: &mut Draft) {
    let (of_egress, of_spokes) = (draft.transit_table(), draft.transit_table());
    let egress = draft.vpc(false);
    let (inner, outer) = (draft.subnet(egress, 0), draft.subnet(egress, 0));
    // Perhaps in the attachment's own subnet.
    let stands_inside = draft.chance.one_in(5);
    let nat = draft.nat(outer, false);
    let entry = if stands_inside { outer } else { inner };
    draft.likely_route(inner, everything(false), nat);
    draft.likely_route(outer, everything(false), Via::Internet);
    draft.host(inner, false);
    let is_public = !draft.chance.one_in(3);
    draft.host(outer, is_public);
    let attached = draft.attach(egress, vec![entry], of_egress, false);
    draft.lab.transit_tables[of_spokes].routes.push((everything(false), Some(attached)));
    for vpc in 1..3 + draft.chance.below(2) {
        draft.vpc(false);
        let subnet = draft.subnet(vpc, 0);
        let is_public = draft.chance.one_in(3);
        draft.host(subnet, is_public);
        if draft.chance.one_in(2) {
            let is_public = draft.chance.one_in(3);
            draft.host(subnet, is_public);
        }
        draft.likely_route(subnet, everything(false), Via::Transit);
        if draft.chance.one_in(4) {
            draft.route(subnet, block("34.64.0.0/10"), Via::Internet);
        }
        let spoke = draft.attach(vpc, vec![subnet], of_spokes, false);
        if !draft.chance.one_in(5) {
            draft.lab.transit_tables[of_egress].learns.push(spoke);
        }
        draft.routes_to_vpc(outer, vpc, Via::Transit);
        draft.routes_to_vpc(inner, vpc, Via::Transit);
    }
    if draft.chance.one_in(2) {
        // Spokes do not meet by the egress VPC.
        draft.lab.transit_tables[of_spokes].routes.push((block("10.0.0.0/8"), None));
        let own = if draft.chance.one_in(3) { None } else { Some(attached) };
        draft.lab.transit_tables[of_spokes].routes.push((block("10.0.0.0/16"), own));
    }
}

/// A firewall between the internet gateway and the hosts, both ways or one way.
pub(crate) fn middlebox(draft: &mut Draft) {
    let has_ipv6 = draft.chance.one_in(2);
    let vpc = draft.vpc(has_ipv6);
    let families: Vec<bool> = if has_ipv6 { vec![false, true] } else { vec![false] };
    let mut edge = Vec::new();
    let mut firewalls = Vec::new();
    for zone in 0..2 {
        let subnet = draft.subnet(vpc, zone);
        let firewall = draft.firewall(subnet);
        firewalls.push(firewall);
        for is_ipv6 in &families {
            draft.likely_route(subnet, everything(*is_ipv6), Via::Internet);
        }
    }
    for zone in 0..2 {
        let subnet = draft.subnet(vpc, zone);
        for _ in 0..=draft.chance.below(2) {
            draft.host(subnet, true);
        }
        let is_crossed = draft.chance.one_in(5);
        for is_ipv6 in &families {
            let out = if draft.chance.one_in(6) { Via::Internet } else { firewalls[zone] };
            draft.route(subnet, everything(*is_ipv6), out);
            if *is_ipv6 && draft.chance.one_in(4) {
                draft.lab.subnets[subnet].routes.pop();
                draft.route(subnet, everything(true), Via::EgressOnly);
            }
            let back = firewalls[if is_crossed { 1 - zone } else { zone }];
            let own = draft.lab.blocks(subnet).into_iter().find(|block| crate::network::is_ipv6(block) == *is_ipv6);
            edge.extend(own.filter(|_| !draft.chance.one_in(5)).map(|own| Route::to(own, back)));
        }
    }
    // Between the two subnets, too: by one firewall there and back, or by each one's own.
    let (one, other) = (2, 3);
    if draft.chance.one_in(2) {
        let (there, back) = (draft.chance.of(&firewalls), draft.chance.of(&firewalls));
        // Or with all that is in the VPC.
        let is_whole = draft.chance.one_in(3);
        let to =
            |draft: &Draft, subnet| if is_whole { draft.lab.vpc_blocks(vpc)[0] } else { draft.lab.blocks(subnet)[0] };
        draft.route(one, to(draft, other), there);
        draft.likely_route(other, to(draft, one), back);
    }
    if draft.chance.one_in(2) {
        // A NAT gateway behind the firewall, for a subnet of its own.
        let (outer, inner) = (draft.subnet(vpc, 0), draft.subnet(vpc, 0));
        let nat = draft.nat(outer, false);
        draft.host(inner, false);
        draft.likely_route(inner, everything(false), nat);
        draft.likely_route(outer, everything(false), firewalls[0]);
        if !draft.chance.one_in(4) {
            edge.push(Route::to(draft.lab.blocks(outer)[0], firewalls[0]));
        }
    }
    if draft.chance.one_in(6) {
        edge = vec![Route::to(draft.lab.vpc_blocks(vpc)[0], firewalls[0])];
    }
    if !edge.is_empty() {
        draft.lab.vpcs[vpc].edge = Some(edge);
    }
}

/// What passes between VPCs passes a firewall, in appliance mode or not.
pub(crate) fn inspection(draft: &mut Draft) {
    let (of_spokes, of_inspection) = (draft.transit_table(), draft.transit_table());
    let mut spokes = Vec::new();
    for vpc in 0..2 {
        draft.vpc(false);
        let subnets: Vec<_> = (0..2).map(|zone| draft.subnet(vpc, zone)).collect();
        for &subnet in &subnets {
            draft.host(subnet, false);
            draft.likely_route(subnet, everything(false), Via::Transit);
        }
        spokes.push(draft.attach(vpc, subnets, of_spokes, false));
    }
    let vpc = draft.vpc(false);
    let mut entries = Vec::new();
    let has_nats = draft.chance.one_in(2);
    for zone in 0..2 {
        let (entry, inner) = (draft.subnet(vpc, zone), draft.subnet(vpc, zone));
        entries.push(entry);
        let firewall = draft.firewall(inner);
        draft.route(entry, everything(false), firewall);
        draft.route(inner, block("10.0.0.0/15"), Via::Transit);
        if has_nats {
            let outer = draft.subnet(vpc, zone);
            let nat = draft.nat(outer, false);
            draft.likely_route(inner, everything(false), nat);
            draft.likely_route(outer, everything(false), Via::Internet);
            // Back by the firewall, or around it.
            let back = if draft.chance.one_in(4) { Via::Transit } else { firewall };
            draft.likely_route(outer, block("10.0.0.0/15"), back);
        }
    }
    let is_appliance = draft.chance.one_in(2);
    let attached = draft.attach(vpc, entries, of_inspection, is_appliance);
    draft.lab.transit_tables[of_spokes].routes.push((everything(false), Some(attached)));
    draft.lab.transit_tables[of_inspection].learns = spokes;
    if draft.chance.one_in(4) {
        // Past the firewall.
        draft.lab.transit_tables[of_spokes].learns.push(0);
    }
}

/// An instance that passes on what is not its own, if its check is off, and a load balancer.
pub(crate) fn router_and_balancer(draft: &mut Draft) {
    let has_ipv6 = draft.chance.one_in(3);
    let vpc = draft.vpc(has_ipv6);
    let subnets: Vec<_> = (0..3).map(|at| draft.subnet(vpc, at % 2)).collect();
    for &subnet in &subnets {
        draft.likely_route(subnet, everything(false), Via::Internet);
        if has_ipv6 {
            draft.likely_route(subnet, everything(true), Via::Internet);
        }
        let is_public = draft.chance.one_in(2);
        draft.host(subnet, is_public);
    }
    let router = draft.host(subnets[2], false);
    draft.lab.hosts[router].forwards = !draft.chance.one_in(3);
    let via = Via::Host(router);
    let (one, other) = (subnets[0], subnets[1]);
    for (from, to) in [(one, other), (other, one)] {
        for block in draft.lab.blocks(to) {
            draft.likely_route(from, block, via);
        }
    }
    if draft.chance.one_in(3) {
        draft.route(one, block("34.64.0.0/10"), via);
    }
    let is_public = !draft.chance.one_in(3);
    let nodes: Vec<_> = [one, other].into_iter().map(|subnet| draft.host(subnet, is_public)).collect();
    let groups = draft.lab.hosts[nodes[0]].groups.clone();
    for &node in &nodes {
        let it = &mut draft.lab.hosts[node];
        (it.groups, it.has_ipv6, it.node_of) = (groups.clone(), has_ipv6, Some(0));
    }
    let target = draft.chance.below(3);
    draft.lab.balancers.push(Balancer { nodes, target });
}

/// A hub of the transit gateway that has a peer: nothing passes through it, and its own packets do.
pub(crate) fn hub_and_peer(draft: &mut Draft) {
    let has_ipv6 = draft.chance.one_in(2);
    let table = draft.transit_table();
    for vpc in 0..3 {
        draft.vpc(has_ipv6);
        let subnet = draft.subnet(vpc, 0);
        for _ in 0..=draft.chance.below(2) {
            draft.host(subnet, false);
        }
        if vpc < 2 {
            let attachment = draft.attach(vpc, vec![subnet], table, false);
            draft.lab.transit_tables[table].learns.push(attachment);
        }
    }
    draft.lab.peerings = vec![(1, 2)];
    let (spoke, hub, peer) = (0, 1, 2);
    draft.routes_to_vpc(spoke, 1, Via::Transit);
    draft.routes_to_vpc(spoke, 2, Via::Transit);
    draft.routes_to_vpc(hub, 0, Via::Transit);
    draft.routes_to_vpc(hub, 2, Via::Peering(0));
    draft.routes_to_vpc(peer, 1, Via::Peering(0));
    draft.routes_to_vpc(peer, 0, Via::Peering(0));
    // The spoke's way to the peer is the hub.
    for block in draft.lab.vpc_blocks(2) {
        draft.lab.transit_tables[table].routes.push((block, Some(1)));
    }
    if draft.chance.one_in(2) {
        // Behind a private NAT gateway of the spoke, or of the hub.
        let vpc = draft.chance.below(2);
        let outer = draft.subnet(vpc, 0);
        let nat = draft.nat(outer, true);
        let (to, via) = if vpc == 0 { (1, Via::Transit) } else { (2, Via::Peering(0)) };
        draft.routes_to_vpc(outer, to, via);
        draft.likely_route(outer, draft.lab.vpc_blocks(1 - vpc)[0], Via::Transit);
        let inner = draft.subnet(vpc, 0);
        draft.host(inner, false);
        let entry = if draft.chance.one_in(2) { inner } else { vpc };
        let to = To::Block(draft.lab.vpc_blocks(to)[0]);
        draft.lab.subnets[entry].routes.retain(|route| route.to != to);
        draft.lab.subnets[entry].routes.push(Route { to, via: nat });
    }
}
