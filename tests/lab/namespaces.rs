//! The network as Linux network namespaces: one for each host, NAT gateway, firewall, VPC and internet gateway, one for
//! the transit gateway, and the internet.
//!
//! A VPC is a router with a bridge and a table for each subnet. Network ACLs are stateless rules where the router
//! forwards between subnets, security groups are stateful rules in each host, an internet gateway changes IPv4 addresses
//! one to one without state, an egress-only one keeps state of IPv6, a firewall lets nothing pass that it has not seen
//! begin, and a NAT gateway is Linux's own. What has passed a device that hides its sender is marked in its header.

use std::{
    collections::BTreeMap,
    io::Write as _,
    net::IpAddr,
    process::{Command, Stdio},
};

use ipnet::IpNet;

use crate::{
    filters,
    network::{Lab, Route, To, Via, clients, is_ipv6},
};

/// The namespaces of a network, until they are dropped.
pub(crate) struct Namespaces {
    prefix: String,
    names: Vec<String>,
}

impl Namespaces {
    /// Builds them; `Err` says what the machine refused.
    pub(crate) fn of(lab: &Lab, prefix: &str) -> Result<Self, String> {
        let mut build = Build { lab, prefix, links: String::new(), ip: BTreeMap::new(), names: Vec::new() };
        build.all();
        let this = Self { prefix: prefix.to_owned(), names: std::mem::take(&mut build.names) };
        run_script(&build.script(&this.names))?;
        Ok(this)
    }

    pub(crate) fn name(&self, of: &str) -> String {
        format!("{}{of}", self.prefix)
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        let all: String = self.names.iter().map(|name| format!("netns del {}\n", self.name(name))).collect();
        // What was never made need not be taken away.
        let _ = run_script(&format!("ip -force -batch - <<'E' 2> /dev/null\n{all}E\ntrue\n"));
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

/// The commands that build a network.
struct Build<'a> {
    lab: &'a Lab,
    prefix: &'a str,
    names: Vec<String>,
    links: String,
    /// Of each namespace and family.
    ip: BTreeMap<(String, bool), String>,
}

impl Build<'_> {
    fn script(&self, names: &[String]) -> String {
        let prefix = self.prefix;
        let made: String = names.iter().map(|name| format!("netns add {prefix}{name}\n")).collect();
        let mut script = format!("set -e\nip -batch - <<'E'\n{made}{}E\n", self.links);
        for name in names {
            let forward = u8::from(self.forwards(name));
            let (forward_4, forward_6) = (if name == "net" { 0 } else { forward }, forward);
            script += &format!(
                "ip netns exec {prefix}{name} sh -c 'cd /proc/sys/net; echo {forward_4} > ipv4/ip_forward; \
                 echo {forward_6} > ipv6/conf/all/forwarding; \
                 for f in ipv4/conf/*/rp_filter ipv4/conf/*/send_redirects ipv4/conf/*/accept_redirects ipv6/conf/*/accept_redirects ipv6/conf/*/accept_dad; do echo 0 > $f; done; \
                 echo 0 > netfilter/nf_conntrack_tcp_loose || true; \
                 echo 0 > bridge/bridge-nf-call-iptables || true; echo 0 > bridge/bridge-nf-call-ip6tables || true' 2> /dev/null\n"
            );
        }
        for ((name, is_ipv6), lines) in &self.ip {
            let family = if *is_ipv6 { "-6" } else { "-4" };
            script += &format!("ip {family} -n {prefix}{name} -batch - <<'E'\n{lines}E\n");
        }
        for name in names {
            let rules = filters::of(self.lab, name);
            if !rules.is_empty() {
                script += &format!("ip netns exec {prefix}{name} nft -f - <<'N'\n{rules}N\n");
            }
        }
        script
    }

    fn forwards(&self, name: &str) -> bool {
        let host = name.strip_prefix('h').and_then(|it| it.parse::<usize>().ok());
        host.is_none_or(|host| self.lab.hosts[host].forwards)
    }

    fn all(&mut self) {
        let lab = self.lab;
        self.names.push("net".to_owned());
        for vpc in 0..lab.vpcs.len() {
            self.names.extend([format!("v{vpc}"), format!("i{vpc}")]);
        }
        self.names.extend((!lab.attachments.is_empty()).then(|| "t".to_owned()));
        let of = |letter: char, count: usize| (0..count).map(move |at| format!("{letter}{at}"));
        let members = of('n', lab.nats.len()).chain(of('f', lab.firewalls.len())).chain(of('h', lab.hosts.len()));
        self.names.extend(members);
        for name in self.names.clone() {
            self.add(&name, false, "link set lo up");
        }
        for client in clients() {
            self.address("net", client, if client.is_ipv6() { 128 } else { 32 }, "lo");
        }
        for subnet in 0..lab.subnets.len() {
            self.bridge(subnet);
        }
        for vpc in 0..lab.vpcs.len() {
            self.gateways(vpc);
        }
        for (at, (one, other)) in lab.peerings.iter().enumerate() {
            let device = format!("pcx{at}");
            self.link((&format!("v{one}"), &device), (&format!("v{other}"), &device), &peering(at));
            for (vpc, far) in [(one, 1), (other, 0)] {
                self.returns_to_sender(*vpc, at, &peering(at)[far]);
            }
        }
        self.members();
        self.transit();
        for subnet in 0..lab.subnets.len() {
            self.table(subnet);
        }
    }

    fn add(&mut self, name: &str, is_ipv6: bool, line: &str) {
        let lines = self.ip.entry((name.to_owned(), is_ipv6)).or_default();
        *lines += line;
        *lines += "\n";
    }

    fn address(&mut self, name: &str, address: IpAddr, length: u8, device: &str) {
        let nodad = if address.is_ipv6() { " nodad" } else { "" };
        self.add(name, address.is_ipv6(), &format!("addr add {address}/{length} dev {device}{nodad}"));
    }

    /// Joins two namespaces; each end has one address of each family.
    fn link(&mut self, one: (&str, &str), other: (&str, &str), ends: &[Ends; 2]) {
        let prefix = self.prefix;
        self.links += &format!(
            "link add {} netns {prefix}{} type veth peer name {} netns {prefix}{}\n",
            one.1, one.0, other.1, other.0
        );
        for ((name, device), end) in [one, other].into_iter().zip(ends) {
            self.add(name, false, &format!("link set {device} up"));
            self.address(name, end.v4, 30, device);
            self.address(name, end.v6, 64, device);
        }
    }

    /// A subnet's bridge.
    fn bridge(&mut self, subnet: usize) {
        let name = format!("v{}", self.lab.subnets[subnet].vpc);
        self.add(&name, false, &format!("link add br{subnet} type bridge mcast_snooping 0"));
        self.add(&name, false, &format!("link set br{subnet} up"));
        for (gateway, block) in self.lab.gateways(subnet).into_iter().zip(self.lab.blocks(subnet)) {
            self.address(&name, gateway, block.prefix_len(), &format!("br{subnet}"));
        }
    }

    /// A VPC's internet gateway, and its egress-only one in the same namespace.
    fn gateways(&mut self, vpc: usize) {
        let (router, gateway) = (format!("v{vpc}"), format!("i{vpc}"));
        self.link((&router, "igw"), (&gateway, "in"), &internet_gateway(vpc));
        self.link((&router, "eig"), (&gateway, "ine"), &egress_only(vpc));
        let out = outside(vpc);
        self.link((&gateway, "out"), ("net", &format!("w{vpc}")), &out);
        self.add(&gateway, false, &format!("route add default via {}", out[1].v4));
        self.add(&gateway, true, &format!("route add default via {}", out[1].v6));
        self.add(&gateway, true, "rule add fwmark 1 lookup 50 pref 50");
        for block in self.lab.vpc_blocks(vpc) {
            let is_v6 = is_ipv6(&block);
            let own = &internet_gateway(vpc)[0];
            self.add(&gateway, is_v6, &format!("route add {block} via {}", if is_v6 { own.v6 } else { own.v4 }));
            if is_v6 {
                let own = egress_only(vpc)[0].v6;
                self.add(&gateway, true, &format!("route add {block} via {own} table 50"));
                self.add("net", true, &format!("route add {block} via {}", out[0].v6));
            }
        }
        for (public, _) in filters::publics(self.lab, vpc) {
            self.add("net", false, &format!("route add {public}/32 via {}", out[0].v4));
        }
        if let Some(edge) = &self.lab.vpcs[vpc].edge {
            for is_ipv6 in [false, true] {
                self.add(&router, is_ipv6, "rule add iif igw lookup 90 pref 90");
            }
            self.routes(vpc, 90, edge, None);
        }
    }

    /// Answers to what a NAT gateway has asked by a peering connection go back by it.
    fn returns_to_sender(&mut self, vpc: usize, peering: usize, far: &Ends) {
        let (name, table) = (format!("v{vpc}"), 3000 + peering);
        self.add(&name, false, &format!("route add default via {} table {table}", far.v4));
        self.add(&name, false, &format!("rule add fwmark {} lookup {table} pref 50", peering + 1));
    }

    /// Everybody in the subnets.
    fn members(&mut self) {
        let lab = self.lab;
        for (at, nat) in lab.nats.iter().enumerate() {
            self.member(&format!("n{at}"), nat.subnet, &[lab.nat_address(at)]);
        }
        for (at, firewall) in lab.firewalls.iter().enumerate() {
            self.member(&format!("f{at}"), firewall.subnet, &lab.firewall_addresses(at));
        }
        for (at, host) in lab.hosts.iter().enumerate() {
            self.member(&format!("h{at}"), host.subnet, &lab.host_addresses(at));
        }
    }

    fn member(&mut self, name: &str, subnet: usize, addresses: &[IpAddr]) {
        let router = format!("v{}", self.lab.subnets[subnet].vpc);
        let prefix = self.prefix;
        self.links += &format!("link add {name} netns {prefix}{router} type veth peer name e0 netns {prefix}{name}\n");
        self.add(&router, false, &format!("link set {name} master br{subnet} up"));
        self.add(name, false, "link set e0 up");
        let blocks = self.lab.blocks(subnet);
        let gateways = self.lab.gateways(subnet);
        for ((address, block), gateway) in addresses.iter().zip(blocks).zip(gateways) {
            self.address(name, *address, block.prefix_len(), "e0");
            self.add(name, address.is_ipv6(), &format!("route add default via {gateway}"));
        }
    }

    /// A subnet's table: the VPC's own subnets, and what is written. Without a route, nothing.
    fn table(&mut self, subnet: usize) {
        let vpc = self.lab.subnets[subnet].vpc;
        let (name, table) = (format!("v{vpc}"), 100 + subnet);
        let routes = &self.lab.subnets[subnet].routes;
        self.routes(vpc, table, routes, Some(subnet));
        for is_ipv6 in [false, true] {
            self.add(&name, is_ipv6, &format!("rule add iif br{subnet} lookup {table} pref {table}"));
        }
    }

    fn routes(&mut self, vpc: usize, table: usize, routes: &[Route], from: Option<usize>) {
        let lab = self.lab;
        let name = format!("v{vpc}");
        for is_ipv6 in [false, true] {
            self.add(&name, is_ipv6, &format!("route replace blackhole default metric 9999 table {table}"));
        }
        for block in lab.vpc_blocks(vpc) {
            self.add(&name, is_ipv6(&block), &format!("route replace blackhole {block} table {table}"));
        }
        // Whose route leads elsewhere: none of the VPC's subnets is near.
        let is_replaced = |subnet: &IpNet| {
            let mut own = lab.vpc_blocks(vpc).into_iter().filter(|block| block.contains(subnet));
            own.any(|block| routes.iter().any(|route| route.to == To::Block(block)))
        };
        for (at, _) in lab.subnets.iter().enumerate().filter(|(_, other)| other.vpc == vpc) {
            for block in lab.blocks(at).into_iter().filter(|block| !is_replaced(block)) {
                self.add(&name, is_ipv6(&block), &format!("route replace {block} dev br{at} table {table}"));
            }
        }
        // Of two for the same block, the written one counts, and not that of a list.
        let (lists, written): (Vec<&Route>, Vec<_>) =
            routes.iter().partition(|route| matches!(route.to, To::PrefixList(_)));
        for route in lists.into_iter().chain(written) {
            for block in lab.blocks_to(&route.to) {
                let hop = self.hop(vpc, route.via, is_ipv6(&block), from);
                let line = match hop {
                    Some(hop) => format!("route replace {block} {hop} table {table}"),
                    None => format!("route replace blackhole {block} table {table}"),
                };
                // Linux keeps a path beside a route to nowhere: the one that was there goes first.
                let gone = format!("route flush exact {block} table {table}");
                self.add(&name, is_ipv6(&block), &gone);
                self.add(&name, is_ipv6(&block), &line);
            }
        }
    }

    /// Where a route leads to; `None`: nowhere.
    fn hop(&self, vpc: usize, via: Via, is_ipv6: bool, from: Option<usize>) -> Option<String> {
        let lab = self.lab;
        let of = |ends: &Ends| if is_ipv6 { ends.v6 } else { ends.v4 };
        let by = |addresses: &[IpAddr]| addresses.iter().find(|it| it.is_ipv6() == is_ipv6).copied();
        let (address, device) = match via {
            Via::Internet => (of(&internet_gateway(vpc)[1]), "igw".to_owned()),
            Via::EgressOnly => (of(&egress_only(vpc)[1]), "eig".to_owned()),
            Via::Nat(at) => (by(&[lab.nat_address(at)])?, format!("br{}", lab.nats[at].subnet)),
            Via::Firewall(at) => (by(&lab.firewall_addresses(at))?, format!("br{}", lab.firewalls[at].subnet)),
            Via::Host(at) => (by(&lab.host_addresses(at))?, format!("br{}", lab.hosts[at].subnet)),
            Via::Peering(at) => (of(&peering(at)[usize::from(lab.peerings[at].0 == vpc)]), format!("pcx{at}")),
            Via::Transit => {
                let zone = lab.subnets[from?].zone;
                let subnet = lab.attachment_subnet(lab.attachment(vpc)?, zone)?;
                (of(&transit(subnet)[1]), format!("tgw{subnet}"))
            }
            Via::Nothing => return None,
        };
        Some(format!("via {address} dev {device}"))
    }

    /// The transit gateway: for each subnet that something comes in by, the table of its attachment as it leads on in
    /// its zone, and, for answers to what an appliance's attachment has let out elsewhere, in that one.
    fn transit(&mut self) {
        let lab = self.lab;
        for it in &lab.attachments {
            for &subnet in &it.subnets {
                let (router, device) = (format!("v{}", it.vpc), format!("tgw{subnet}"));
                self.link((&router, &device), ("t", &format!("s{subnet}")), &transit(subnet));
                for is_ipv6 in [false, true] {
                    let line = format!("rule add iif {device} lookup {} pref 90", 100 + subnet);
                    self.add(&router, is_ipv6, &line);
                }
            }
        }
        for it in &lab.attachments {
            for &subnet in &it.subnets {
                self.transit_table(it.table, subnet, None, 1000 + subnet);
                for pinned in filters::pinned(lab) {
                    self.transit_table(it.table, subnet, Some(pinned), 2000 + 64 * subnet + pinned);
                }
            }
        }
    }

    fn transit_table(&mut self, written: usize, entry: usize, pinned: Option<usize>, table: usize) {
        let lab = self.lab;
        for is_ipv6 in [false, true] {
            let (mark, preference) = match pinned {
                Some(subnet) => (format!("fwmark {} ", subnet + 1), 80),
                None => (String::new(), 90),
            };
            let rule = format!("rule add {mark}iif s{entry} lookup {table} pref {preference}");
            self.add("t", is_ipv6, &rule);
            self.add("t", is_ipv6, &format!("route add blackhole default metric 9999 table {table}"));
        }
        let it = &lab.transit_tables[written];
        let learned = it.learns.iter().flat_map(|attachment| {
            let blocks = lab.vpc_blocks(lab.attachments[*attachment].vpc).into_iter();
            blocks.map(|block| (block, Some(*attachment))).collect::<Vec<_>>()
        });
        for (block, attachment) in learned.chain(it.routes.iter().copied()) {
            let line = match attachment.and_then(|attachment| exit(lab, attachment, entry, pinned)) {
                Some(exit) => {
                    let own = &transit(exit)[0];
                    let address = if is_ipv6(&block) { own.v6 } else { own.v4 };
                    format!("route replace {block} via {address} dev s{exit} table {table}")
                }
                None => format!("route replace blackhole {block} table {table}"),
            };
            self.add("t", is_ipv6(&block), &format!("route flush exact {block} table {table}"));
            self.add("t", is_ipv6(&block), &line);
        }
    }
}

/// The subnet by which an attachment lets out what came in by another subnet.
fn exit(lab: &Lab, attachment: usize, entry: usize, pinned: Option<usize>) -> Option<usize> {
    let it = &lab.attachments[attachment];
    let pinned = pinned.filter(|subnet| it.is_appliance && it.subnets.contains(subnet));
    let near = pinned.or_else(|| lab.attachment_subnet(attachment, lab.subnets[entry].zone));
    near.or_else(|| it.subnets.first().copied())
}

/// The addresses of one end of a link.
struct Ends {
    v4: IpAddr,
    v6: IpAddr,
}

fn ends(v4: &str, v6: &str) -> [Ends; 2] {
    [1, 2].map(|at| Ends {
        v4: format!("{v4}.{at}").parse().expect("it is an address"),
        v6: format!("{v6}::{at}").parse().expect("it is an address"),
    })
}

/// The router's end, and the gateway's.
fn internet_gateway(vpc: usize) -> [Ends; 2] {
    ends(&format!("169.254.{vpc}"), &format!("fd00:0:0:{vpc:x}"))
}

fn egress_only(vpc: usize) -> [Ends; 2] {
    ends(&format!("169.254.{}", 16 + vpc), &format!("fd00:0:1:{vpc:x}"))
}

/// The gateway's end, and the internet's.
fn outside(vpc: usize) -> [Ends; 2] {
    ends(&format!("192.168.{vpc}"), &format!("fd00:0:2:{vpc:x}"))
}

fn peering(at: usize) -> [Ends; 2] {
    ends(&format!("169.254.{}", 32 + at), &format!("fd00:0:3:{at:x}"))
}

/// The router's end, and the transit gateway's.
fn transit(subnet: usize) -> [Ends; 2] {
    ends(&format!("169.254.{}", 64 + subnet), &format!("fd00:0:4:{subnet:x}"))
}

/// A block, as it is said of a packet's address.
pub(crate) fn family(block: &IpNet) -> &'static str {
    if is_ipv6(block) { "ip6" } else { "ip" }
}
