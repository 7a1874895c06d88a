//! The network as Linux network namespaces: one for each host, NAT gateway, VPC and internet gateway, and the internet.
//!
//! A VPC is a router with a bridge and a table for each subnet. Network ACLs are stateless rules where the router
//! forwards between subnets, security groups are stateful rules in each host, an internet gateway changes addresses one
//! to one without state, and a NAT gateway is Linux's own.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use crate::network::{AclRule, CLIENTS, Lab, Peer, Rule, Via};

/// The namespaces of a network, until they are dropped.
pub(crate) struct Namespaces {
    prefix: String,
    names: Vec<String>,
}

impl Namespaces {
    /// Builds them; `Err` says what the machine refused.
    pub(crate) fn of(lab: &Lab, prefix: &str) -> Result<Self, String> {
        let mut names: Vec<String> = vec!["net".to_owned()];
        names.extend((0..lab.vpcs()).flat_map(|vpc| [format!("v{vpc}"), format!("i{vpc}")]));
        names.extend((!lab.attachments.is_empty()).then(|| "t".to_owned()));
        names.extend((0..lab.nats.len()).map(|nat| format!("n{nat}")));
        names.extend((0..lab.hosts.len()).map(|host| format!("h{host}")));
        let this = Self { prefix: prefix.to_owned(), names };
        run_script(&this.script(lab))?;
        Ok(this)
    }

    pub(crate) fn name(&self, of: &str) -> String {
        format!("{}{of}", self.prefix)
    }

    fn script(&self, lab: &Lab) -> String {
        let mut script = format!("set -e\nP={}\n", self.prefix);
        script += "link() { ip link add $2 netns $P$1 type veth peer name $4 netns $P$3; ip -n $P$1 link set $2 up; ip -n $P$3 link set $4 up; }\n";
        script += "in_() { n=$1; shift; ip netns exec $P$n \"$@\"; }\n";
        for name in &self.names {
            script += &format!("ip netns add ${{P}}{name}; ip -n ${{P}}{name} link set lo up\n");
        }
        for client in CLIENTS {
            script += &format!("ip -n ${{P}}net addr add {client}/32 dev lo\n");
        }
        for vpc in 0..lab.vpcs() {
            script += &vpc_script(lab, vpc);
        }
        if lab.is_peered {
            script += "link v0 pcx v1 pcx\nip -n ${P}v0 addr add 169.254.9.1/30 dev pcx\nip -n ${P}v1 addr add 169.254.9.2/30 dev pcx\n";
        }
        for subnet in 0..lab.subnets.len() {
            script += &subnet_script(lab, subnet);
        }
        script += &transit_script(lab);
        for nat in 0..lab.nats.len() {
            let (address, subnet) = (lab.nat_address(nat), lab.nats[nat].subnet);
            script += &member_script(lab, &format!("n{nat}"), subnet, &address);
            script += &format!("in_ n{nat} nft -f - <<'N'\n{}N\n", nat_rules(&address));
        }
        for host in 0..lab.hosts.len() {
            let (address, subnet) = (lab.host_address(host), lab.hosts[host].subnet);
            script += &member_script(lab, &format!("h{host}"), subnet, &address);
            script += &format!("in_ h{host} nft -f - <<'N'\n{}N\n", group_rules(lab, host));
        }
        for subnet in 0..lab.subnets.len() {
            script += &route_script(lab, subnet);
        }
        let forwards = |name: &str| match name.strip_prefix('h').and_then(|it| it.parse::<usize>().ok()) {
            Some(host) => lab.hosts[host].forwards,
            None => name != "net",
        };
        for name in &self.names {
            let forward = u8::from(forwards(name));
            script += &format!(
                "in_ {name} sh -c 'echo {forward} > /proc/sys/net/ipv4/ip_forward; for f in /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv4/conf/*/send_redirects /proc/sys/net/ipv4/conf/*/accept_redirects; do echo 0 > $f; done'\n"
            );
        }
        script
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        for name in &self.names {
            // What was never made need not be taken away.
            let _ = Command::new("ip").args(["netns", "del", &self.name(name)]).stderr(Stdio::null()).status();
        }
    }
}

pub(crate) fn run_script(script: &str) -> Result<(), String> {
    let shell = Command::new("sh").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut shell = shell.map_err(|error| error.to_string())?;
    let mut stdin = shell.stdin.take().ok_or("no standard input")?;
    stdin.write_all(script.as_bytes()).map_err(|error| error.to_string())?;
    drop(stdin);
    let output = shell.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// A VPC's router and its internet gateway.
fn vpc_script(lab: &Lab, vpc: usize) -> String {
    let mut script = format!(
        "link v{vpc} igw i{vpc} in\nip -n ${{P}}v{vpc} addr add 169.254.{vpc}.2/30 dev igw\nip -n ${{P}}i{vpc} addr add 169.254.{vpc}.1/30 dev in\n\
         link i{vpc} out net w{vpc}\nip -n ${{P}}i{vpc} addr add 192.168.{vpc}.2/30 dev out\nip -n ${{P}}net addr add 192.168.{vpc}.1/30 dev w{vpc}\n\
         ip -n ${{P}}i{vpc} route add default via 192.168.{vpc}.1\n\
         in_ v{vpc} sh -c 'echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null || true'\n"
    );
    for block in lab.vpc_blocks(vpc) {
        script += &format!("ip -n ${{P}}i{vpc} route add {block} via 169.254.{vpc}.2\n");
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    let is_here = |subnet: usize| lab.subnets[subnet].vpc == vpc;
    for (at, host) in lab.hosts.iter().enumerate().filter(|(_, host)| is_here(host.subnet)) {
        let _ = host;
        pairs.extend(lab.host_public(at).map(|public| (public, lab.host_address(at))));
    }
    for (at, _) in lab.nats.iter().enumerate().filter(|(_, nat)| is_here(nat.subnet) && !nat.is_private) {
        pairs.push((Lab::nat_public(at), lab.nat_address(at)));
    }
    for (public, _) in &pairs {
        script += &format!("ip -n ${{P}}net route add {public}/32 via 192.168.{vpc}.2 src {}\n", CLIENTS[0]);
    }
    let into: String =
        pairs.iter().map(|(public, own)| format!("    iifname out ip daddr {public} ip daddr set {own}\n")).collect();
    let out: String =
        pairs.iter().map(|(public, own)| format!("    oifname out ip saddr {own} ip saddr set {public}\n")).collect();
    let own: Vec<_> = pairs.iter().map(|(_, own)| own.as_str()).collect();
    let known = if own.is_empty() { "0.0.0.0".to_owned() } else { own.join(", ") };
    script += &format!(
        "in_ i{vpc} nft -f - <<'N'\ntable ip gateway {{\n  chain first {{ type filter hook prerouting priority -300;\n    notrack\n{into}  }}\n  \
         chain through {{ type filter hook forward priority 0;\n    oifname out ip saddr != {{ {known} }} drop\n    \
         oifname out ip daddr {{ 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 }} drop\n  }}\n  \
         chain last {{ type filter hook postrouting priority 300;\n{out}  }}\n}}\nN\n"
    );
    script += &format!("in_ v{vpc} nft -f - <<'N'\n{}N\n", acl_rules(lab, vpc));
    script
}

/// A subnet's bridge.
fn subnet_script(lab: &Lab, subnet: usize) -> String {
    let vpc = lab.subnets[subnet].vpc;
    format!(
        "ip -n ${{P}}v{vpc} link add br{subnet} type bridge\nip -n ${{P}}v{vpc} link set br{subnet} up\n\
         ip -n ${{P}}v{vpc} addr add {}/{} dev br{subnet}\n",
        lab.gateway(subnet),
        lab.block(subnet).prefix_len()
    )
}

/// The transit gateway: one table, and in each VPC the table of the attachment's subnet for what comes from it.
fn transit_script(lab: &Lab) -> String {
    let mut script = String::new();
    let Some(last) = lab.attachments.last() else { return script };
    for attachment in &lab.attachments {
        let (subnet, vpc) = (attachment.subnet, lab.subnets[attachment.subnet].vpc);
        script += &format!(
            "link v{vpc} tgw t v{vpc}\nip -n ${{P}}v{vpc} addr add 169.254.1{vpc}.2/30 dev tgw\n\
             ip -n ${{P}}t addr add 169.254.1{vpc}.1/30 dev v{vpc}\n\
             ip -n ${{P}}v{vpc} rule add iif tgw lookup {} pref 90\n",
            100 + subnet
        );
        if attachment.propagates {
            script += &format!("ip -n ${{P}}t route add 10.{vpc}.0.0/16 via 169.254.1{vpc}.2\n");
        }
    }
    script += &format!("ip -n ${{P}}t route add default via 169.254.1{}.2\n", lab.subnets[last.subnet].vpc);
    script
}

/// Somebody in a subnet.
fn member_script(lab: &Lab, name: &str, subnet: usize, address: &str) -> String {
    let vpc = lab.subnets[subnet].vpc;
    format!(
        "link v{vpc} {name} {name} e0\nip -n ${{P}}v{vpc} link set {name} master br{subnet}\n\
         ip -n ${{P}}{name} addr add {address}/{} dev e0\nip -n ${{P}}{name} route add default via {}\n",
        lab.block(subnet).prefix_len(),
        lab.gateway(subnet)
    )
}

/// A subnet's table: the VPC's own subnets, and what is written. Without a route, nothing.
fn route_script(lab: &Lab, subnet: usize) -> String {
    let vpc = lab.subnets[subnet].vpc;
    let table = 100 + subnet;
    let mut script = String::new();
    for (at, other) in lab.subnets.iter().enumerate().filter(|(_, other)| other.vpc == vpc) {
        let _ = other;
        script += &format!("ip -n ${{P}}v{vpc} route add {} dev br{at} table {table}\n", lab.block(at));
    }
    for (block, via) in &lab.subnets[subnet].routes {
        let hop = match via {
            Via::Internet => format!("via 169.254.{vpc}.1"),
            Via::Nat(nat) => format!("via {}", lab.nat_address(*nat)),
            Via::Host(host) => format!("via {}", lab.host_address(*host)),
            Via::Peering => format!("via 169.254.9.{}", if vpc == 0 { 2 } else { 1 }),
            Via::Transit => format!("via 169.254.1{vpc}.1"),
            Via::Nothing => {
                script += &format!("ip -n ${{P}}v{vpc} route replace blackhole {block} table {table}\n");
                continue;
            }
        };
        script += &format!("ip -n ${{P}}v{vpc} route replace {block} {hop} table {table}\n");
    }
    script += &format!("ip -n ${{P}}v{vpc} route replace blackhole default metric 9999 table {table}\n");
    script += &format!("ip -n ${{P}}v{vpc} rule add iif br{subnet} lookup {table} pref {table}\n");
    script
}

fn acl_rules(lab: &Lab, vpc: usize) -> String {
    let mut chains = String::new();
    let mut jumps = String::new();
    for (at, subnet) in lab.subnets.iter().enumerate().filter(|(_, subnet)| subnet.vpc == vpc) {
        let Some(acl) = &subnet.acl else { continue };
        let list = |rules: &[AclRule], side: &str| {
            let mut rules: Vec<_> = rules.iter().collect();
            rules.sort_by_key(|rule| rule.number);
            rules.iter().map(|rule| acl_rule(rule, side)).collect::<String>()
        };
        chains += &format!("  chain out{at} {{\n{}    drop\n  }}\n", list(&acl.egress, "daddr"));
        chains += &format!("  chain in{at} {{\n{}    drop\n  }}\n", list(&acl.ingress, "saddr"));
        jumps += &format!(
            "    iifname br{at} oifname != br{at} jump out{at}\n    oifname br{at} iifname != br{at} jump in{at}\n"
        );
    }
    if let Some(attachment) = lab.attachments.iter().find(|it| lab.subnets[it.subnet].vpc == vpc)
        && lab.subnets[attachment.subnet].acl.is_some()
    {
        // The list of the attachment's subnet is passed by what goes to the gateway, inwards, and by what comes from
        // it, outwards; within that subnet, only outwards to the gateway.
        let at = attachment.subnet;
        jumps +=
            &format!("    oifname tgw iifname != br{at} jump in{at}\n    iifname tgw oifname != br{at} jump out{at}\n");
        jumps = jumps.replace(
            &format!("oifname br{at} iifname != br{at} jump in{at}"),
            &format!("oifname br{at} iifname != {{ br{at}, tgw }} jump in{at}"),
        );
    }
    // What comes from the gateway or from a peer goes to the VPC's own subnets, and no further.
    format!(
        "table ip lists {{\n{chains}  chain through {{ type filter hook forward priority 0;\n    \
         iifname {{ igw, pcx }} oifname {{ igw, pcx }} drop\n{jumps}  }}\n}}\n"
    )
}

fn acl_rule(rule: &AclRule, side: &str) -> String {
    let (first, last) = rule.ports;
    let ports = if rule.protocol == "-1" { String::new() } else { format!(" {} dport {first}-{last}", rule.protocol) };
    let verdict = if rule.allows { "return" } else { "drop" };
    format!("    ip {side} {}{ports} {verdict}\n", rule.block)
}

/// The security groups of a host: what is answered is let pass, and what a rule admits.
fn group_rules(lab: &Lab, host: usize) -> String {
    let groups = || lab.hosts[host].groups.iter().map(|group| &lab.groups[*group]);
    let rules = |direction: &str, verdict: &str| -> String {
        let side = if direction == "in" { "saddr" } else { "daddr" };
        let all = groups().flat_map(|group| if direction == "in" { &group.ingress } else { &group.egress });
        all.flat_map(|rule| admitted(lab, rule, side)).map(|it| format!("    {it} {verdict}\n")).collect()
    };
    format!(
        "table ip groups {{\n  chain enter {{ type filter hook input priority 0;\n    iifname lo accept\n    ct state established accept\n{}    drop\n  }}\n  \
         chain leave {{ type filter hook output priority 0;\n    oifname lo accept\n    ct state established accept\n{}    drop\n  }}\n  \
         chain enters {{\n{}    drop\n  }}\n  chain leaves {{\n{}    drop\n  }}\n  \
         chain through {{ type filter hook forward priority 0;\n    ct state established accept\n    jump enters\n    jump leaves\n  }}\n}}\n",
        rules("in", "accept"),
        rules("out", "accept"),
        rules("in", "return"),
        rules("out", "return"),
    )
}

/// What a rule admits, as `nft` matches it.
fn admitted(lab: &Lab, rule: &Rule, side: &str) -> Vec<String> {
    let (first, last) = rule.ports;
    let ports = if rule.protocol == "-1" { String::new() } else { format!(" {} dport {first}-{last}", rule.protocol) };
    let blocks = match &rule.peer {
        Peer::Block(block) => vec![(*block).to_owned()],
        Peer::Group(group) => {
            let members = lab.hosts.iter().enumerate().filter(|(_, host)| host.groups.contains(group));
            members.map(|(at, _)| lab.host_address(at)).collect()
        }
    };
    blocks.into_iter().map(|block| format!("ip {side} {block}{ports}")).collect()
}

fn nat_rules(address: &str) -> String {
    format!(
        "table ip nat {{\n  chain last {{ type nat hook postrouting priority 100;\n    ip saddr != {address} masquerade\n  }}\n}}\n\
         table ip state {{\n  chain through {{ type filter hook forward priority 0;\n    ct state invalid drop\n  }}\n}}\n"
    )
}
