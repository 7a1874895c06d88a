//! A small network, described once: what its code is made of, what the namespaces are made of, and what a packet is
//! walked through.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// VPCs, each with an internet gateway and an egress-only one, and what joins them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lab {
    pub(crate) name: String,
    pub(crate) vpcs: Vec<Vpc>,
    pub(crate) subnets: Vec<Subnet>,
    pub(crate) nats: Vec<Nat>,
    pub(crate) firewalls: Vec<Firewall>,
    pub(crate) hosts: Vec<Host>,
    pub(crate) balancers: Vec<Balancer>,
    pub(crate) groups: Vec<Group>,
    pub(crate) prefix_lists: Vec<Vec<IpNet>>,
    /// VPCs that a peering connection joins.
    pub(crate) peerings: Vec<(usize, usize)>,
    /// VPCs that are attached to the transit gateway, and its tables.
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) transit_tables: Vec<TransitTable>,
    /// The ports that servers listen on, by TCP and by UDP; none: [`PORTS`].
    pub(crate) ports: Vec<u16>,
}

/// `10.VPC.0.0/16`, and `2600:1f18:0:VPC00::/56`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vpc {
    /// Where the code gives them itself.
    pub(crate) blocks: Vec<IpNet>,
    pub(crate) has_ipv6: bool,
    /// The internet gateway's own table, where it has one.
    pub(crate) edge: Option<Vec<Route>>,
}

/// `10.VPC.INDEX.0/24`, and `2600:1f18:0:VPC INDEX::/64`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subnet {
    pub(crate) vpc: usize,
    /// Of the zones, by number.
    pub(crate) zone: usize,
    /// Where the code gives them itself.
    pub(crate) blocks: Vec<IpNet>,
    pub(crate) routes: Vec<Route>,
    /// Without: the default list, which lets everything pass.
    pub(crate) acl: Option<Acl>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) to: To,
    pub(crate) via: Via,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Block(IpNet),
    PrefixList(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    Internet,
    EgressOnly,
    Nat(usize),
    Firewall(usize),
    Host(usize),
    Peering(usize),
    Transit,
    /// What it leads to is gone.
    Nothing,
}

/// `10.VPC.SUBNET.200` and on, and `203.0.113.100` and on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nat {
    pub(crate) subnet: usize,
    /// It has no public address.
    pub(crate) is_private: bool,
}

/// An endpoint of a firewall that keeps state, at `10.VPC.SUBNET.220` and on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Firewall {
    pub(crate) subnet: usize,
}

/// `10.VPC.SUBNET.10` and on, and, if public, `203.0.113.10` and on: an instance, or a load balancer's node.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) subnet: usize,
    pub(crate) is_public: bool,
    pub(crate) groups: Vec<usize>,
    /// It passes on what is not its own.
    pub(crate) forwards: bool,
    pub(crate) has_ipv6: bool,
    /// Where the code gives them itself.
    pub(crate) addresses: Vec<IpAddr>,
    /// The load balancer that it is a node of.
    pub(crate) node_of: Option<usize>,
}

/// An application load balancer, which asks its target in its own name.
#[derive(Clone, Debug)]
pub(crate) struct Balancer {
    pub(crate) nodes: Vec<usize>,
    pub(crate) target: usize,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    pub(crate) vpc: usize,
    pub(crate) ingress: Vec<Rule>,
    pub(crate) egress: Vec<Rule>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// `tcp`, `udp` or `-1`.
    pub(crate) protocol: &'static str,
    pub(crate) ports: (u16, u16),
    pub(crate) peer: Peer,
}

#[derive(Clone, Debug)]
pub(crate) enum Peer {
    Block(IpNet),
    Group(usize),
    PrefixList(usize),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Acl {
    pub(crate) ingress: Vec<AclRule>,
    pub(crate) egress: Vec<AclRule>,
}

#[derive(Clone, Debug)]
pub(crate) struct AclRule {
    pub(crate) number: u16,
    pub(crate) allows: bool,
    pub(crate) protocol: &'static str,
    pub(crate) ports: (u16, u16),
    pub(crate) block: IpNet,
}

/// A VPC's attachment to the transit gateway: at most one subnet a zone.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub(crate) vpc: usize,
    pub(crate) subnets: Vec<usize>,
    pub(crate) is_appliance: bool,
    /// The table by which what comes in is forwarded.
    pub(crate) table: usize,
}

/// A table of the transit gateway.
#[derive(Clone, Debug, Default)]
pub(crate) struct TransitTable {
    /// Without an attachment: what goes there is dropped.
    pub(crate) routes: Vec<(IpNet, Option<usize>)>,
    /// The attachments whose VPCs' blocks it learns.
    pub(crate) learns: Vec<usize>,
}

/// Clients on the internet.
pub(crate) const CLIENTS: [&str; 4] = ["198.51.100.10", "34.64.0.7", "2a00:1450:4001::10", "2606:4700::7"];

/// The ports that servers listen on, by TCP and by UDP.
pub(crate) const PORTS: [u16; 2] = [22, 443];

/// A block that is written.
pub(crate) fn block(text: &str) -> IpNet {
    text.parse().expect("it is a block")
}

/// Everything of the family of an address.
pub(crate) fn everything(is_ipv6: bool) -> IpNet {
    block(if is_ipv6 { "::/0" } else { "0.0.0.0/0" })
}

pub(crate) fn is_ipv6(block: &IpNet) -> bool {
    matches!(block, IpNet::V6(_))
}

/// The clients' addresses.
pub(crate) fn clients() -> impl Iterator<Item = IpAddr> {
    CLIENTS.iter().map(|text| text.parse().expect("it is an address"))
}

impl Route {
    pub(crate) fn to(block: IpNet, via: Via) -> Self {
        Self { to: To::Block(block), via }
    }
}

impl Lab {
    /// The blocks of a VPC.
    pub(crate) fn vpc_blocks(&self, vpc: usize) -> Vec<IpNet> {
        let it = &self.vpcs[vpc];
        if !it.blocks.is_empty() {
            return it.blocks.clone();
        }
        let v6 = it.has_ipv6.then(|| block(&format!("2600:1f18:0:{vpc:x}00::/56")));
        std::iter::once(block(&format!("10.{vpc}.0.0/16"))).chain(v6).collect()
    }

    /// The block of a subnet, of each family that it has.
    pub(crate) fn blocks(&self, subnet: usize) -> Vec<IpNet> {
        let Subnet { vpc, blocks: given, .. } = &self.subnets[subnet];
        if !given.is_empty() {
            return given.clone();
        }
        let v6 = self.vpcs[*vpc].has_ipv6.then(|| block(&format!("2600:1f18:0:{vpc:x}{subnet:02x}::/64")));
        std::iter::once(block(&format!("10.{vpc}.{subnet}.0/24"))).chain(v6).collect()
    }

    pub(crate) fn ports(&self) -> &[u16] {
        if self.ports.is_empty() { &PORTS } else { &self.ports }
    }

    /// The router's addresses in a subnet.
    pub(crate) fn gateways(&self, subnet: usize) -> Vec<IpAddr> {
        self.addresses(subnet, 1)
    }

    pub(crate) fn host_addresses(&self, host: usize) -> Vec<IpAddr> {
        let it = &self.hosts[host];
        let mut all = self.addresses(it.subnet, 10 + host);
        all.truncate(if it.has_ipv6 { 2 } else { 1 });
        let given = |address: &mut IpAddr| {
            let own = it.addresses.iter().find(|own| own.is_ipv6() == address.is_ipv6());
            *address = own.copied().unwrap_or(*address);
        };
        all.iter_mut().for_each(given);
        all
    }

    /// A host's address of one family.
    pub(crate) fn host_address(&self, host: usize, is_ipv6: bool) -> Option<IpAddr> {
        self.host_addresses(host).into_iter().find(|it| it.is_ipv6() == is_ipv6)
    }

    pub(crate) fn host_public(&self, host: usize) -> Option<IpAddr> {
        self.hosts[host].is_public.then(|| public(10 + host))
    }

    pub(crate) fn nat_address(&self, nat: usize) -> IpAddr {
        self.addresses(self.nats[nat].subnet, 200 + nat)[0]
    }

    pub(crate) fn nat_public(&self, nat: usize) -> Option<IpAddr> {
        (!self.nats[nat].is_private).then(|| public(100 + nat))
    }

    pub(crate) fn firewall_addresses(&self, firewall: usize) -> Vec<IpAddr> {
        self.addresses(self.firewalls[firewall].subnet, 220 + firewall)
    }

    fn addresses(&self, subnet: usize, at: usize) -> Vec<IpAddr> {
        let of = |block: &IpNet| match block {
            IpNet::V4(it) => {
                let at = if 24 < it.prefix_len() { self.place(subnet, at) } else { at };
                let at = u32::try_from(at).expect("it is small");
                IpAddr::V4(Ipv4Addr::from(u32::from(it.network()) + at))
            }
            IpNet::V6(it) => IpAddr::V6(Ipv6Addr::from(u128::from(it.network()) + at as u128)),
        };
        self.blocks(subnet).iter().map(of).collect()
    }

    /// In a small subnet there is no room for gaps: all that is in it, one after the other.
    fn place(&self, subnet: usize, at: usize) -> usize {
        let hosts = self.hosts.iter().enumerate().map(|(host, it)| (it.subnet, 10 + host));
        let nats = self.nats.iter().enumerate().map(|(nat, it)| (it.subnet, 200 + nat));
        let firewalls = self.firewalls.iter().enumerate().map(|(firewall, it)| (it.subnet, 220 + firewall));
        let all = hosts.chain(nats).chain(firewalls);
        1 + all.filter(|(of, other)| *of == subnet && *other <= at).count()
    }

    /// The blocks of a route's or a rule's list.
    pub(crate) fn blocks_to(&self, to: &To) -> Vec<IpNet> {
        match to {
            To::Block(block) => vec![*block],
            To::PrefixList(list) => self.prefix_lists[*list].clone(),
        }
    }

    pub(crate) fn vpc_of(&self, host: usize) -> usize {
        self.subnets[self.hosts[host].subnet].vpc
    }

    /// Whether groups of one VPC can be named in the other's.
    pub(crate) fn may_refer(&self, one: usize, other: usize) -> bool {
        one == other || self.peerings.iter().any(|it| *it == (one, other) || *it == (other, one))
    }

    pub(crate) fn attachment(&self, vpc: usize) -> Option<usize> {
        self.attachments.iter().position(|it| it.vpc == vpc)
    }

    /// The subnet by which what comes from a zone passes an attachment.
    pub(crate) fn attachment_subnet(&self, attachment: usize, zone: usize) -> Option<usize> {
        self.attachments[attachment].subnets.iter().copied().find(|it| self.subnets[*it].zone == zone)
    }
}

fn public(at: usize) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(203, 0, 113, u8::try_from(at).expect("there are few")))
}
