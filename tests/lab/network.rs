//! A small network, described once: what the code of it is made of, and what the namespaces are made of.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

/// A VPC with an internet gateway, and perhaps another one, joined by a peering connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lab {
    pub(crate) name: String,
    pub(crate) subnets: Vec<Subnet>,
    pub(crate) nats: Vec<Nat>,
    pub(crate) hosts: Vec<Host>,
    pub(crate) groups: Vec<Group>,
    /// The VPCs are joined.
    pub(crate) is_peered: bool,
    /// A transit gateway, attached to each VPC in this subnet of it; `None`: it learns nothing of the VPC.
    pub(crate) attachments: Vec<Attachment>,
    /// Where the code gives the VPCs' blocks itself.
    pub(crate) vpc_blocks: Vec<Vec<Ipv4Net>>,
    /// The ports that servers listen on, by TCP and by UDP; none: [`PORTS`].
    pub(crate) ports: Vec<u16>,
}

/// A VPC's attachment to the transit gateway.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attachment {
    pub(crate) subnet: usize,
    /// The gateway's table learns the VPC's block.
    pub(crate) propagates: bool,
}

/// `10.VPC.INDEX.0/24`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subnet {
    pub(crate) vpc: usize,
    /// Where the code gives it itself.
    pub(crate) block: Option<Ipv4Net>,
    pub(crate) routes: Vec<(String, Via)>,
    /// Without: the default list, which lets everything pass.
    pub(crate) acl: Option<Acl>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    Internet,
    Nat(usize),
    Host(usize),
    Peering,
    Transit,
    /// What it leads to is gone.
    Nothing,
}

/// `10.VPC.SUBNET.200`, and `203.0.113.100` and on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nat {
    pub(crate) subnet: usize,
    /// It has no public address.
    pub(crate) is_private: bool,
}

/// `10.VPC.SUBNET.10` and on, and, if public, `203.0.113.10` and on.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) subnet: usize,
    pub(crate) is_public: bool,
    pub(crate) groups: Vec<usize>,
    /// It passes on what is not its own.
    pub(crate) forwards: bool,
    /// The lab has IPv4 alone: between two of these, the program's answer is about more than what is tried.
    pub(crate) has_ipv6: bool,
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
    Block(&'static str),
    Group(usize),
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
    pub(crate) block: &'static str,
}

/// Clients on the internet.
pub(crate) const CLIENTS: [&str; 2] = ["198.51.100.10", "34.64.0.7"];

/// The ports that servers listen on, by TCP and by UDP.
pub(crate) const PORTS: [u16; 2] = [22, 443];

impl Lab {
    pub(crate) fn vpcs(&self) -> usize {
        self.subnets.iter().map(|it| it.vpc + 1).max().unwrap_or(1)
    }

    pub(crate) fn block(&self, subnet: usize) -> Ipv4Net {
        let Subnet { vpc, block, .. } = &self.subnets[subnet];
        block.unwrap_or_else(|| format!("10.{vpc}.{subnet}.0/24").parse().expect("it is a block"))
    }

    pub(crate) fn vpc_blocks(&self, vpc: usize) -> Vec<Ipv4Net> {
        let given = self.vpc_blocks.get(vpc).cloned();
        given.unwrap_or_else(|| vec![format!("10.{vpc}.0.0/16").parse().expect("it is a block")])
    }

    pub(crate) fn ports(&self) -> &[u16] {
        if self.ports.is_empty() { &PORTS } else { &self.ports }
    }

    pub(crate) fn gateway(&self, subnet: usize) -> String {
        self.address(subnet, 1)
    }

    pub(crate) fn host_address(&self, host: usize) -> String {
        self.address(self.hosts[host].subnet, 10 + host)
    }

    pub(crate) fn host_public(&self, host: usize) -> Option<String> {
        self.hosts[host].is_public.then(|| format!("203.0.113.{}", 10 + host))
    }

    pub(crate) fn nat_address(&self, nat: usize) -> String {
        self.address(self.nats[nat].subnet, 200 + nat)
    }

    fn address(&self, subnet: usize, at: usize) -> String {
        let first = u32::from(self.block(subnet).network());
        Ipv4Addr::from(first + u32::try_from(at).expect("it is small")).to_string()
    }

    pub(crate) fn nat_public(nat: usize) -> String {
        format!("203.0.113.{}", 100 + nat)
    }

    /// The Terraform code of the network.
    pub(crate) fn code(&self) -> String {
        let mut code = String::new();
        for vpc in 0..self.vpcs() {
            code += &format!(
                "resource \"aws_vpc\" \"v{vpc}\" {{ cidr_block = \"10.{vpc}.0.0/16\" }}\n\
                 resource \"aws_internet_gateway\" \"v{vpc}\" {{ vpc_id = aws_vpc.v{vpc}.id }}\n"
            );
        }
        if self.is_peered {
            code += "resource \"aws_vpc_peering_connection\" \"p\" {\n  vpc_id = aws_vpc.v0.id\n  \
                     peer_vpc_id = aws_vpc.v1.id\n  auto_accept = true\n}\n";
        }
        code += &self.transit_code();
        for at in 0..self.subnets.len() {
            code += &self.subnet_code(at);
        }
        for (at, nat) in self.nats.iter().enumerate() {
            code += &format!(
                "resource \"aws_eip\" \"n{at}\" {{}}\n\
                 resource \"aws_nat_gateway\" \"n{at}\" {{\n  subnet_id = aws_subnet.s{}.id\n  \
                 allocation_id = aws_eip.n{at}.id\n  private_ip = \"{}\"\n}}\n",
                nat.subnet,
                self.nat_address(at)
            );
        }
        for (at, group) in self.groups.iter().enumerate() {
            code += &format!("resource \"aws_security_group\" \"g{at}\" {{ vpc_id = aws_vpc.v{}.id }}\n", group.vpc);
            for (direction, rules) in [("ingress", &group.ingress), ("egress", &group.egress)] {
                for (index, rule) in rules.iter().enumerate() {
                    code += &rule_code(at, direction, index, rule);
                }
            }
        }
        for (at, host) in self.hosts.iter().enumerate() {
            let groups: Vec<_> = host.groups.iter().map(|it| format!("aws_security_group.g{it}.id")).collect();
            code += &format!(
                "resource \"aws_instance\" \"h{at}\" {{\n  subnet_id = aws_subnet.s{}.id\n  private_ip = \"{}\"\n  \
                 associate_public_ip_address = {}\n  source_dest_check = {}\n  vpc_security_group_ids = [{}]\n}}\n",
                host.subnet,
                self.host_address(at),
                host.is_public,
                !host.forwards,
                groups.join(", ")
            );
        }
        code
    }

    /// The VPC of the last attachment has the way to the internet for all: its table holds the default route.
    fn transit_code(&self) -> String {
        let Some(last) = self.attachments.last() else { return String::new() };
        let mut code = "resource \"aws_ec2_transit_gateway\" \"t\" {}\n".to_owned();
        for attachment in &self.attachments {
            let vpc = self.subnets[attachment.subnet].vpc;
            code += &format!(
                "resource \"aws_ec2_transit_gateway_vpc_attachment\" \"v{vpc}\" {{\n  \
                 transit_gateway_id = aws_ec2_transit_gateway.t.id\n  vpc_id = aws_vpc.v{vpc}.id\n  \
                 subnet_ids = [aws_subnet.s{}.id]\n  transit_gateway_default_route_table_propagation = {}\n}}\n",
                attachment.subnet, attachment.propagates
            );
        }
        code += &format!(
            "resource \"aws_ec2_transit_gateway_route\" \"out\" {{\n  destination_cidr_block = \"0.0.0.0/0\"\n  \
             transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.v{}.id\n  \
             transit_gateway_route_table_id = aws_ec2_transit_gateway.t.association_default_route_table_id\n}}\n",
            self.subnets[last.subnet].vpc
        );
        code
    }

    fn subnet_code(&self, at: usize) -> String {
        let subnet = &self.subnets[at];
        let vpc = subnet.vpc;
        let mut code = format!(
            "resource \"aws_subnet\" \"s{at}\" {{\n  vpc_id = aws_vpc.v{vpc}.id\n  cidr_block = \"{}\"\n  availability_zone = \"a\"\n}}\n\
             resource \"aws_route_table\" \"s{at}\" {{ vpc_id = aws_vpc.v{vpc}.id }}\n\
             resource \"aws_route_table_association\" \"s{at}\" {{\n  subnet_id = aws_subnet.s{at}.id\n  \
             route_table_id = aws_route_table.s{at}.id\n}}\n",
            self.block(at)
        );
        for (index, (block, via)) in subnet.routes.iter().enumerate() {
            let target = match via {
                Via::Internet => format!("gateway_id = aws_internet_gateway.v{vpc}.id"),
                Via::Nat(nat) => format!("nat_gateway_id = aws_nat_gateway.n{nat}.id"),
                Via::Host(host) => {
                    format!("network_interface_id = aws_instance.h{host}.primary_network_interface_id")
                }
                Via::Peering => "vpc_peering_connection_id = aws_vpc_peering_connection.p.id".to_owned(),
                Via::Transit => "transit_gateway_id = aws_ec2_transit_gateway.t.id".to_owned(),
                Via::Nothing => unreachable!("networks that are read are not written"),
            };
            code += &format!(
                "resource \"aws_route\" \"s{at}_{index}\" {{\n  route_table_id = aws_route_table.s{at}.id\n  \
                 destination_cidr_block = \"{block}\"\n  {target}\n}}\n"
            );
        }
        if let Some(acl) = &subnet.acl {
            let rules = |name: &str, rules: &[AclRule]| rules.iter().map(|it| acl_code(name, it)).collect::<String>();
            code += &format!(
                "resource \"aws_network_acl\" \"s{at}\" {{\n  vpc_id = aws_vpc.v{vpc}.id\n  \
                 subnet_ids = [aws_subnet.s{at}.id]\n{}{}}}\n",
                rules("ingress", &acl.ingress),
                rules("egress", &acl.egress)
            );
        }
        code
    }
}

/// Rules of their own: groups that name each other could not be written otherwise.
fn rule_code(group: usize, direction: &str, index: usize, rule: &Rule) -> String {
    let (first, last) = if rule.protocol == "-1" { (0, 0) } else { rule.ports };
    let peer = match &rule.peer {
        Peer::Block(block) => format!("cidr_blocks = [\"{block}\"]"),
        Peer::Group(group) => format!("source_security_group_id = aws_security_group.g{group}.id"),
    };
    format!(
        "resource \"aws_security_group_rule\" \"g{group}_{direction}_{index}\" {{\n  security_group_id = aws_security_group.g{group}.id\n  \
         type = \"{direction}\"\n  from_port = {first}\n  to_port = {last}\n  protocol = \"{}\"\n  {peer}\n}}\n",
        rule.protocol
    )
}

fn acl_code(name: &str, rule: &AclRule) -> String {
    let (first, last) = if rule.protocol == "-1" { (0, 0) } else { rule.ports };
    format!(
        "  {name} {{\n    rule_no = {}\n    action = \"{}\"\n    protocol = \"{}\"\n    from_port = {first}\n    \
         to_port = {last}\n    cidr_block = \"{}\"\n  }}\n",
        rule.number,
        if rule.allows { "allow" } else { "deny" },
        rule.protocol,
        rule.block
    )
}
