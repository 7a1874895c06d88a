//! The Terraform code of a network.

use std::fmt::Write as _;

use ipnet::IpNet;

use crate::network::{AclRule, Lab, Peer, Route, Rule, To, Via, is_ipv6};

impl Lab {
    /// The code of the network.
    pub(crate) fn code(&self) -> String {
        let mut code = String::new();
        for vpc in 0..self.vpcs.len() {
            code += &self.vpc_code(vpc);
        }
        for (at, list) in self.prefix_lists.iter().enumerate() {
            let entries: String =
                list.iter().map(|block| format!("  entry {{\n    cidr = \"{block}\"\n  }}\n")).collect();
            code += &format!(
                "resource \"aws_ec2_managed_prefix_list\" \"l{at}\" {{\n  name = \"l{at}\"\n  address_family = \"{}\"\n  \
                 max_entries = 9\n{entries}}}\n",
                if is_ipv6(&list[0]) { "IPv6" } else { "IPv4" }
            );
        }
        for (at, (one, other)) in self.peerings.iter().enumerate() {
            code += &format!(
                "resource \"aws_vpc_peering_connection\" \"p{at}\" {{\n  vpc_id = aws_vpc.v{one}.id\n  \
                 peer_vpc_id = aws_vpc.v{other}.id\n  auto_accept = true\n}}\n"
            );
        }
        code += &self.transit_code();
        for at in 0..self.subnets.len() {
            code += &self.subnet_code(at);
        }
        code += &self.gateway_code();
        for (at, group) in self.groups.iter().enumerate() {
            code += &format!("resource \"aws_security_group\" \"g{at}\" {{ vpc_id = aws_vpc.v{}.id }}\n", group.vpc);
            for (direction, rules) in [("ingress", &group.ingress), ("egress", &group.egress)] {
                for (index, rule) in rules.iter().enumerate() {
                    code += &rule_code(at, direction, index, rule);
                }
            }
        }
        code + &self.host_code()
    }

    fn vpc_code(&self, vpc: usize) -> String {
        let it = &self.vpcs[vpc];
        let v6 = self.vpc_blocks(vpc).into_iter().find(is_ipv6);
        let v6 = v6.map(|block| format!("  ipv6_cidr_block = \"{block}\"\n")).unwrap_or_default();
        let mut code = format!(
            "resource \"aws_vpc\" \"v{vpc}\" {{\n  cidr_block = \"{}\"\n{v6}}}\n\
             resource \"aws_internet_gateway\" \"v{vpc}\" {{ vpc_id = aws_vpc.v{vpc}.id }}\n\
             resource \"aws_egress_only_internet_gateway\" \"v{vpc}\" {{ vpc_id = aws_vpc.v{vpc}.id }}\n",
            self.vpc_blocks(vpc)[0]
        );
        if let Some(routes) = &it.edge {
            code += &format!(
                "resource \"aws_route_table\" \"e{vpc}\" {{ vpc_id = aws_vpc.v{vpc}.id }}\n\
                 resource \"aws_route_table_association\" \"e{vpc}\" {{\n  gateway_id = aws_internet_gateway.v{vpc}.id\n  \
                 route_table_id = aws_route_table.e{vpc}.id\n}}\n"
            );
            code += &Self::routes_code(&format!("e{vpc}"), vpc, routes);
        }
        code
    }

    fn subnet_code(&self, at: usize) -> String {
        let subnet = &self.subnets[at];
        let vpc = subnet.vpc;
        let blocks = self.blocks(at);
        let v6 = blocks.iter().find(|it| is_ipv6(it));
        let v6 = v6.map(|block| format!("  ipv6_cidr_block = \"{block}\"\n")).unwrap_or_default();
        let mut code = format!(
            "resource \"aws_subnet\" \"s{at}\" {{\n  vpc_id = aws_vpc.v{vpc}.id\n  cidr_block = \"{}\"\n{v6}  \
             availability_zone = \"eu-central-1{}\"\n}}\n\
             resource \"aws_route_table\" \"s{at}\" {{ vpc_id = aws_vpc.v{vpc}.id }}\n\
             resource \"aws_route_table_association\" \"s{at}\" {{\n  subnet_id = aws_subnet.s{at}.id\n  \
             route_table_id = aws_route_table.s{at}.id\n}}\n",
            blocks[0],
            ["a", "b", "c"][subnet.zone]
        );
        code += &Self::routes_code(&format!("s{at}"), vpc, &subnet.routes);
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

    fn routes_code(table: &str, vpc: usize, routes: &[Route]) -> String {
        let mut code = String::new();
        for (index, route) in routes.iter().enumerate() {
            let target = match route.via {
                Via::Internet => format!("gateway_id = aws_internet_gateway.v{vpc}.id"),
                Via::EgressOnly => format!("egress_only_gateway_id = aws_egress_only_internet_gateway.v{vpc}.id"),
                Via::Nat(nat) => format!("nat_gateway_id = aws_nat_gateway.n{nat}.id"),
                Via::Firewall(at) => format!("vpc_endpoint_id = aws_vpc_endpoint.f{at}.id"),
                Via::Host(host) => {
                    format!("network_interface_id = aws_instance.h{host}.primary_network_interface_id")
                }
                Via::Peering(at) => format!("vpc_peering_connection_id = aws_vpc_peering_connection.p{at}.id"),
                Via::Transit => "transit_gateway_id = aws_ec2_transit_gateway.t.id".to_owned(),
                Via::Nothing => unreachable!("networks that are read are not written"),
            };
            let to = match &route.to {
                To::Block(block) => format!(
                    "{} = \"{block}\"",
                    if is_ipv6(block) { "destination_ipv6_cidr_block" } else { "destination_cidr_block" }
                ),
                To::PrefixList(list) => {
                    format!("destination_prefix_list_id = aws_ec2_managed_prefix_list.l{list}.id")
                }
            };
            code += &format!(
                "resource \"aws_route\" \"{table}_{index}\" {{\n  route_table_id = aws_route_table.{table}.id\n  \
                 {to}\n  {target}\n}}\n"
            );
        }
        code
    }

    fn gateway_code(&self) -> String {
        let mut code = String::new();
        for (at, nat) in self.nats.iter().enumerate() {
            let kind = if nat.is_private {
                "  connectivity_type = \"private\"\n".to_owned()
            } else {
                code += &format!("resource \"aws_eip\" \"n{at}\" {{}}\n");
                format!("  allocation_id = aws_eip.n{at}.id\n")
            };
            code += &format!(
                "resource \"aws_nat_gateway\" \"n{at}\" {{\n  subnet_id = aws_subnet.s{}.id\n{kind}  private_ip = \"{}\"\n}}\n",
                nat.subnet,
                self.nat_address(at)
            );
        }
        for (at, firewall) in self.firewalls.iter().enumerate() {
            code += &format!(
                "resource \"aws_vpc_endpoint\" \"f{at}\" {{\n  vpc_id = aws_vpc.v{}.id\n  \
                 vpc_endpoint_type = \"GatewayLoadBalancer\"\n  service_name = \"com.amazonaws.vpce.eu-central-1.vpce-svc-1\"\n  \
                 subnet_ids = [aws_subnet.s{}.id]\n}}\n",
                self.subnets[firewall.subnet].vpc, firewall.subnet
            );
        }
        code
    }

    fn host_code(&self) -> String {
        let mut code = String::new();
        let groups = |host: usize| {
            let groups: Vec<_> =
                self.hosts[host].groups.iter().map(|it| format!("aws_security_group.g{it}.id")).collect();
            groups.join(", ")
        };
        for (at, host) in self.hosts.iter().enumerate().filter(|(_, host)| host.node_of.is_none()) {
            let v6 = self.host_address(at, true);
            let v6 = v6.map(|it| format!("  ipv6_addresses = [\"{it}\"]\n")).unwrap_or_default();
            code += &format!(
                "resource \"aws_instance\" \"h{at}\" {{\n  subnet_id = aws_subnet.s{}.id\n  private_ip = \"{}\"\n{v6}  \
                 associate_public_ip_address = {}\n  source_dest_check = {}\n  vpc_security_group_ids = [{}]\n}}\n",
                host.subnet,
                self.host_addresses(at)[0],
                host.is_public,
                !host.forwards,
                groups(at)
            );
        }
        for (at, balancer) in self.balancers.iter().enumerate() {
            let nodes = || balancer.nodes.iter().map(|it| &self.hosts[*it]);
            let subnets: Vec<_> = nodes().map(|it| format!("aws_subnet.s{}.id", it.subnet)).collect();
            let first = balancer.nodes[0];
            let _ = writeln!(
                code,
                "resource \"aws_lb\" \"b{at}\" {{\n  internal = {}\n  load_balancer_type = \"application\"\n  \
                 ip_address_type = \"{}\"\n  subnets = [{}]\n  security_groups = [{}]\n}}",
                !self.hosts[first].is_public,
                if self.hosts[first].has_ipv6 { "dualstack" } else { "ipv4" },
                subnets.join(", "),
                groups(first)
            );
        }
        code
    }

    /// The gateway has no table of its own accord.
    fn transit_code(&self) -> String {
        if self.attachments.is_empty() {
            return String::new();
        }
        let mut code =
            "resource \"aws_ec2_transit_gateway\" \"t\" {\n  default_route_table_association = \"disable\"\n  \
                        default_route_table_propagation = \"disable\"\n}\n"
                .to_owned();
        for (at, it) in self.attachments.iter().enumerate() {
            let subnets: Vec<_> = it.subnets.iter().map(|it| format!("aws_subnet.s{it}.id")).collect();
            code += &format!(
                "resource \"aws_ec2_transit_gateway_vpc_attachment\" \"a{at}\" {{\n  \
                 transit_gateway_id = aws_ec2_transit_gateway.t.id\n  vpc_id = aws_vpc.v{}.id\n  \
                 subnet_ids = [{}]\n  appliance_mode_support = \"{}\"\n  ipv6_support = \"enable\"\n  \
                 transit_gateway_default_route_table_association = false\n  \
                 transit_gateway_default_route_table_propagation = false\n}}\n\
                 resource \"aws_ec2_transit_gateway_route_table_association\" \"a{at}\" {{\n  \
                 transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.a{at}.id\n  \
                 transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t{}.id\n}}\n",
                it.vpc,
                subnets.join(", "),
                if it.is_appliance { "enable" } else { "disable" },
                it.table
            );
        }
        for (at, table) in self.transit_tables.iter().enumerate() {
            code += &format!(
                "resource \"aws_ec2_transit_gateway_route_table\" \"t{at}\" {{ transit_gateway_id = aws_ec2_transit_gateway.t.id }}\n"
            );
            for (index, (block, attachment)) in table.routes.iter().enumerate() {
                code += &transit_route_code(at, index, block, *attachment);
            }
            for attachment in &table.learns {
                code += &format!(
                    "resource \"aws_ec2_transit_gateway_route_table_propagation\" \"t{at}_{attachment}\" {{\n  \
                     transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.a{attachment}.id\n  \
                     transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t{at}.id\n}}\n"
                );
            }
        }
        code
    }
}

fn transit_route_code(table: usize, index: usize, block: &IpNet, attachment: Option<usize>) -> String {
    let target = match attachment {
        Some(at) => {
            format!("transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.a{at}.id")
        }
        None => "blackhole = true".to_owned(),
    };
    format!(
        "resource \"aws_ec2_transit_gateway_route\" \"t{table}_{index}\" {{\n  destination_cidr_block = \"{block}\"\n  \
         {target}\n  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t{table}.id\n}}\n"
    )
}

/// Rules of their own: groups that name each other could not be written otherwise.
fn rule_code(group: usize, direction: &str, index: usize, rule: &Rule) -> String {
    let (first, last) = if rule.protocol == "-1" { (0, 0) } else { rule.ports };
    let peer = match &rule.peer {
        Peer::Block(block) if is_ipv6(block) => format!("ipv6_cidr_blocks = [\"{block}\"]"),
        Peer::Block(block) => format!("cidr_blocks = [\"{block}\"]"),
        Peer::Group(group) => format!("source_security_group_id = aws_security_group.g{group}.id"),
        Peer::PrefixList(at) => format!("prefix_list_ids = [aws_ec2_managed_prefix_list.l{at}.id]"),
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
         to_port = {last}\n    {} = \"{}\"\n  }}\n",
        rule.number,
        if rule.allows { "allow" } else { "deny" },
        rule.protocol,
        if is_ipv6(&rule.block) { "ipv6_cidr_block" } else { "cidr_block" },
        rule.block
    )
}
