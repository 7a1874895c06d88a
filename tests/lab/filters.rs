//! What each namespace lets pass and changes, as `nft` reads it.

use std::net::IpAddr;

use crate::{
    namespaces::family,
    network::{AclRule, Lab, Peer, Rule, everything, is_ipv6},
};

/// Hides the sender: references to groups do not hold for what has passed here.
const HIDES: &str = "table inet hides {\n  chain last { type filter hook forward priority 10;\n    \
                     meta nfproto ipv4 ip dscp set 8\n    meta nfproto ipv6 ip6 dscp set 8\n  }\n}\n";

/// The rules of a namespace.
pub(crate) fn of(lab: &Lab, name: &str) -> String {
    let mut letters = name.chars();
    let (letter, number) = (letters.next(), letters.as_str().parse::<usize>().ok());
    match (letter, number) {
        (Some('v'), Some(vpc)) => router(lab, vpc),
        (Some('i'), Some(vpc)) => gateway(lab, vpc),
        (Some('n'), Some(nat)) => nat_gateway(lab.nat_address(nat)),
        (Some('f'), Some(_)) => firewall(lab),
        (Some('h'), Some(host)) => security_groups(lab, host),
        (Some('t'), None) => transit(lab),
        _ => HIDES.to_owned(),
    }
}

/// Public addresses, and whose they are.
pub(crate) fn publics(lab: &Lab, vpc: usize) -> Vec<(IpAddr, IpAddr)> {
    let is_here = |subnet: usize| lab.subnets[subnet].vpc == vpc;
    let hosts = lab.hosts.iter().enumerate().filter(|(_, host)| is_here(host.subnet));
    let hosts = hosts.filter_map(|(at, _)| Some((lab.host_public(at)?, lab.host_addresses(at)[0])));
    let nats = lab.nats.iter().enumerate().filter(|(_, nat)| is_here(nat.subnet));
    let nats = nats.filter_map(|(at, _)| Some((lab.nat_public(at)?, lab.nat_address(at))));
    hosts.chain(nats).collect()
}

/// The subnets by which appliances' attachments let packets out.
pub(crate) fn pinned(lab: &Lab) -> Vec<usize> {
    lab.attachments.iter().filter(|it| it.is_appliance).flat_map(|it| it.subnets.iter().copied()).collect()
}

// Routers -------------------------------------------------------------------------------------------------------------

/// The lists of a VPC's subnets, and what its peering connections take.
fn router(lab: &Lab, vpc: usize) -> String {
    let (mut chains, mut jumps) = (String::new(), String::new());
    for (at, subnet) in lab.subnets.iter().enumerate().filter(|(_, subnet)| subnet.vpc == vpc) {
        let Some(acl) = &subnet.acl else { continue };
        chains += &format!("  chain out{at} {{\n{}    drop\n  }}\n", list(&acl.egress, "daddr"));
        chains += &format!("  chain in{at} {{\n{}    drop\n  }}\n", list(&acl.ingress, "saddr"));
        // What comes from the transit gateway into the subnet of its attachment passes no list.
        jumps += &format!(
            "    iifname br{at} oifname != br{at} jump out{at}\n    iifname tgw{at} oifname != br{at} jump out{at}\n    \
             oifname br{at} iifname != {{ br{at}, tgw{at} }} jump in{at}\n    oifname tgw{at} jump in{at}\n"
        );
    }
    let mut senders = String::new();
    for (at, (one, other)) in lab.peerings.iter().enumerate() {
        if *one != vpc && *other != vpc {
            continue;
        }
        let far = if *one == vpc { *other } else { *one };
        for is_v6 in [false, true] {
            let blocks = |vpc: usize| {
                let blocks = lab.vpc_blocks(vpc).into_iter().filter(|block| is_ipv6(block) == is_v6);
                let blocks: Vec<_> = blocks.map(|block| block.to_string()).collect();
                if blocks.is_empty() { (if is_v6 { "::1" } else { "127.0.0.1" }).to_owned() } else { blocks.join(", ") }
            };
            let ip = family(&everything(is_v6));
            jumps += &format!(
                "    oifname pcx{at} {ip} saddr != {{ {} }} drop\n    oifname pcx{at} {ip} daddr != {{ {} }} drop\n",
                blocks(vpc),
                blocks(far)
            );
        }
        let nats = (0..lab.nats.len()).filter(|nat| lab.subnets[lab.nats[*nat].subnet].vpc == far);
        for nat in nats {
            let (address, mark) = (lab.nat_address(nat), at + 1);
            senders += &format!("    iifname pcx{at} ip saddr {address} ct mark set {mark}\n");
        }
    }
    // A mark leads an answer back to where its question came from.
    let senders = if senders.is_empty() {
        String::new()
    } else {
        format!(
            "table inet senders {{\n  chain first {{ type filter hook prerouting priority -100;\n{senders}    \
             iifname \"br*\" ct direction reply ct mark != 0 meta mark set ct mark\n  }}\n}}\n"
        )
    };
    format!(
        "table inet lists {{\n{chains}  chain through {{ type filter hook forward priority 0;\n{jumps}  }}\n}}\n{senders}"
    )
}

fn list(rules: &[AclRule], side: &str) -> String {
    let mut rules: Vec<_> = rules.iter().collect();
    rules.sort_by_key(|rule| rule.number);
    let line = |rule: &&AclRule| {
        let verdict = if rule.allows { "return" } else { "drop" };
        format!("    {} {side} {}{} {verdict}\n", family(&rule.block), rule.block, ports(rule.protocol, rule.ports))
    };
    rules.iter().map(line).collect()
}

fn ports(protocol: &str, (first, last): (u16, u16)) -> String {
    if protocol == "-1" { String::new() } else { format!(" {protocol} dport {first}-{last}") }
}

/// IPv4 addresses one to one; IPv6 as it is, and by the egress-only gateway only what began inside.
fn gateway(lab: &Lab, vpc: usize) -> String {
    let pairs = publics(lab, vpc);
    let into: String =
        pairs.iter().map(|(public, own)| format!("    iifname out ip daddr {public} ip daddr set {own}\n")).collect();
    let out: String =
        pairs.iter().map(|(public, own)| format!("    oifname out ip saddr {own} ip saddr set {public}\n")).collect();
    let own: Vec<_> = pairs.iter().map(|(_, own)| own.to_string()).collect();
    let known = if own.is_empty() { "0.0.0.0".to_owned() } else { own.join(", ") };
    let v6 = lab.vpc_blocks(vpc).into_iter().find(is_ipv6);
    let v6 = v6.map_or_else(|| "::1".to_owned(), |block| block.to_string());
    format!(
        "table ip gateway {{\n  chain first {{ type filter hook prerouting priority -300;\n    notrack\n{into}  }}\n  \
         chain through {{ type filter hook forward priority 0;\n    iifname ine drop\n    oifname out ip saddr != {{ {known} }} drop\n    \
         oifname out ip daddr {{ 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 }} drop\n  }}\n  \
         chain last {{ type filter hook postrouting priority 300;\n{out}  }}\n}}\n\
         table ip6 gateway {{\n  chain first {{ type filter hook prerouting priority -100;\n    \
         iifname out ct direction reply ct mark 1 meta mark set 1\n  }}\n  \
         chain through {{ type filter hook forward priority 0;\n    iifname ine ct direction reply drop\n    \
         iifname ine ct state invalid drop\n    iifname ine ct mark set 1\n    oifname out ip6 saddr != {v6} drop\n    \
         iifname out ip6 daddr != {v6} drop\n  }}\n}}\n{HIDES}"
    )
}

/// Marks the questions that an appliance's attachment lets out, so that their answers come back in the same zone.
fn transit(lab: &Lab) -> String {
    let out: String = pinned(lab)
        .iter()
        .map(|subnet| format!("    oifname s{subnet} ct direction original ct mark set {}\n", subnet + 1))
        .collect();
    format!(
        "table inet zones {{\n  chain first {{ type filter hook prerouting priority -100;\n    ct direction reply meta mark set ct mark\n  }}\n  \
         chain last {{ type filter hook postrouting priority 0;\n{out}  }}\n}}\n{HIDES}"
    )
}

// Devices in subnets --------------------------------------------------------------------------------------------------

fn nat_gateway(address: IpAddr) -> String {
    format!(
        "table ip nat {{\n  chain last {{ type nat hook postrouting priority 100;\n    ip saddr != {address} masquerade\n  }}\n}}\n\
         table inet state {{\n  chain through {{ type filter hook forward priority 0;\n    meta nfproto ipv6 drop\n    ct state invalid drop\n  }}\n}}\n"
    )
}

/// Lets pass what it has seen begin: of UDP a first question to a known port, and more of it once it has seen an answer.
fn firewall(lab: &Lab) -> String {
    let known: Vec<_> = lab.ports().iter().map(u16::to_string).collect();
    let known = known.join(", ");
    let set = |ip: &str, kind: &str| {
        format!(
            "  set asked_{ip} {{ type {kind} . inet_service . {kind} . inet_service; flags dynamic; timeout 60s; size 4096; }}\n"
        )
    };
    let once = |ip: &str| {
        let flow = format!("{ip} saddr . udp sport . {ip} daddr . udp dport");
        format!("    {flow} @asked_{ip} drop\n    meta l4proto udp add @asked_{ip} {{ {flow} }}\n")
    };
    format!(
        "table inet wall {{\n{}{}  chain through {{ type filter hook forward priority 0;\n    ct state invalid drop\n    \
         ct state established accept\n    tcp flags & (syn | ack) != syn drop\n    udp dport != {{ {known} }} drop\n{}{}  }}\n}}\n{HIDES}",
        set("ip", "ipv4_addr"),
        set("ip6", "ipv6_addr"),
        once("ip"),
        once("ip6")
    )
}

/// The security groups of a host: what is answered is let pass, and what a rule admits.
fn security_groups(lab: &Lab, host: usize) -> String {
    let groups = || lab.hosts[host].groups.iter().map(|group| &lab.groups[*group]);
    let rules = |is_in: bool, is_passing: bool| -> String {
        let all = groups().flat_map(|group| if is_in { &group.ingress } else { &group.egress });
        let admitted = all.flat_map(|rule| admitted(lab, host, rule, (is_in, is_passing)));
        let verdict = if is_passing { "return" } else { "accept" };
        admitted.map(|it| format!("    {it} {verdict}\n")).collect()
    };
    format!(
        "table inet groups {{\n  chain enter {{ type filter hook input priority 0;\n    iifname lo accept\n    \
         meta l4proto ipv6-icmp accept\n    ct state established accept\n{}    drop\n  }}\n  \
         chain leave {{ type filter hook output priority 0;\n    oifname lo accept\n    meta l4proto ipv6-icmp accept\n    \
         ct state established accept\n{}    drop\n  }}\n  \
         chain enters {{\n{}    drop\n  }}\n  chain leaves {{\n{}    drop\n  }}\n  \
         chain through {{ type filter hook forward priority 0;\n    ct state established accept\n    jump enters\n    jump leaves\n  }}\n}}\n{HIDES}",
        rules(true, false),
        rules(false, false),
        rules(true, true),
        rules(false, true),
    )
}

/// What a rule admits, as `nft` matches it.
fn admitted(lab: &Lab, host: usize, rule: &Rule, (is_in, is_passing): (bool, bool)) -> Vec<String> {
    let side = if is_in { "saddr" } else { "daddr" };
    let ports = ports(rule.protocol, rule.ports);
    let of = |block: &ipnet::IpNet| format!("{} {side} {block}{ports}", family(block));
    match &rule.peer {
        Peer::Block(block) => vec![of(block)],
        Peer::PrefixList(list) => lab.prefix_lists[*list].iter().map(of).collect(),
        // What it passes on is from nobody that the next one knows.
        Peer::Group(_) if is_passing && !is_in => Vec::new(),
        Peer::Group(group) => {
            let is_near = |other: usize| lab.may_refer(lab.vpc_of(host), lab.vpc_of(other));
            let members = (0..lab.hosts.len()).filter(|it| lab.hosts[*it].groups.contains(group) && is_near(*it));
            let addresses = members.flat_map(|it| lab.host_addresses(it));
            let line = |address: IpAddr| {
                let ip = if address.is_ipv6() { "ip6" } else { "ip" };
                format!("{ip} {side} {address} {ip} dscp 0{ports}")
            };
            addresses.map(line).collect()
        }
    }
}
