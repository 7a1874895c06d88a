//! Networks out of bytes, as code that AWS would take, in which inputs decide some things.

use arbitrary::Unstructured;

/// Variables without values, their types, and values that AWS takes in their places.
pub const INPUTS: &[(&str, &str, &[&str])] = &[
    ("first", "bool", &["true", "false"]),
    ("second", "bool", &["true", "false"]),
    ("third", "bool", &["true", "false"]),
    ("block", "string", &["\"198.51.100.0/24\"", "\"8.0.0.0/8\"", "\"128.0.0.0/1\""]),
    ("port", "number", &["22", "443", "8080"]),
    ("zone", "string", &["\"us-east-1a\"", "\"us-east-1b\""]),
];

/// Where routes lead to, each at most once in a table.
const DESTINATIONS: &[&str] =
    &["0.0.0.0/0", "10.1.0.0/16", "192.168.0.0/16", "0.0.0.0/1", "203.0.113.0/24", "10.1.0.0/24", "203.0.113.128/25"];

/// Who may talk to whom.
const PEERS: &[&str] = &["0.0.0.0/0", "10.0.0.0/16", "10.0.1.0/24", "10.1.0.0/16", "203.0.113.0/24", "0.0.0.0/1", "10.0.0.0/24"];

/// Code, resource by resource.
pub struct Plant<'a> {
    bytes: Unstructured<'a>,
    pub blocks: Vec<String>,
    /// What one may ask about.
    pub ends: Vec<String>,
    /// The input that decides whether there is a second NAT gateway.
    second_nat: Option<&'static str>,
}

impl<'a> Plant<'a> {
    pub fn of(bytes: Unstructured<'a>) -> Self {
        let mut this = Self { bytes, blocks: Vec::new(), ends: vec!["internet".to_owned()], second_nat: None };
        for (name, r#type, _) in INPUTS {
            this.add(&format!("variable \"{name}\" {{\n  type = {type}\n  nullable = false\n}}"));
        }
        this.add("provider \"aws\" {\n  region = \"us-east-1\"\n}");
        this.build();
        this
    }

    /// Its code, in that order or in the opposite one.
    pub fn code(&self, is_reversed: bool) -> String {
        let mut blocks: Vec<&str> = self.blocks.iter().map(String::as_str).collect();
        if is_reversed {
            blocks.reverse();
        }
        blocks.join("\n") + "\n"
    }

    pub fn below(&mut self, end: usize) -> usize {
        if self.bytes.is_empty() { 0 } else { self.bytes.choose_index(end.max(1)).unwrap_or(0) }
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 1
    }

    fn add(&mut self, block: &str) {
        self.blocks.push(block.to_owned());
    }

    fn switch(&mut self) -> &'static str {
        ["var.first", "var.second", "var.third"][self.below(3)]
    }

    /// One of the two, or an input decides.
    fn either(&mut self, one: &str, other: &str) -> String {
        match self.below(8) {
            0..=3 => one.to_owned(),
            4 | 5 => other.to_owned(),
            _ => format!("({} ? {one} : {other})", self.switch()),
        }
    }

    fn bool(&mut self) -> String {
        let other = ["false", "null"][self.below(4) / 3];
        self.either("true", other)
    }

    /// A line that says how many there are, and how one is named.
    fn count(&mut self) -> (String, &'static str) {
        if self.below(10) == 9 { (format!("  count = {} ? 1 : 0\n", self.switch()), "[0]") } else { (String::new(), "") }
    }

    fn build(&mut self) {
        self.add("resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n}");
        self.add("resource \"aws_vpc\" \"b\" {\n  cidr_block = \"10.1.0.0/16\"\n}");
        self.add("resource \"aws_internet_gateway\" \"a\" {\n  vpc_id = aws_vpc.a.id\n}");
        self.add("resource \"aws_internet_gateway\" \"b\" {\n  vpc_id = aws_vpc.b.id\n}");
        self.add("resource \"aws_vpc_peering_connection\" \"ab\" {\n  vpc_id = aws_vpc.a.id\n  peer_vpc_id = aws_vpc.b.id\n  auto_accept = true\n}");
        let subnets = 2 + self.below(3);
        for at in 0..subnets {
            self.subnet("a", "10.0", at);
        }
        let others = 1 + self.below(2);
        for at in 0..others {
            self.subnet("b", "10.1", at);
        }
        self.gateways(subnets);
        self.transit(others);
        self.tables("a", subnets);
        self.tables("b", others);
        self.groups();
        if self.flip() {
            self.list(subnets);
        }
        self.workloads(subnets, others);
    }

    fn subnet(&mut self, vpc: &str, prefix: &str, at: usize) {
        let zone = if self.below(8) == 7 { "var.zone".to_owned() } else { self.either("\"us-east-1a\"", "\"us-east-1b\"") };
        let public = self.bool();
        self.add(&format!(
            "resource \"aws_subnet\" \"{vpc}{at}\" {{\n  vpc_id = aws_vpc.{vpc}.id\n  cidr_block = \"{prefix}.{at}.0/24\"\n  availability_zone = {zone}\n  map_public_ip_on_launch = {public}\n}}"
        ));
        self.ends.push(format!("aws_subnet.{vpc}{at}"));
    }

    fn one_of(&mut self, vpc: &str, subnets: usize) -> String {
        let (one, other) = (self.below(subnets), self.below(subnets));
        self.either(&format!("aws_subnet.{vpc}{one}.id"), &format!("aws_subnet.{vpc}{other}.id"))
    }

    fn some_of(&mut self, vpc: &str, subnets: usize) -> String {
        let first = self.below(subnets);
        let mut all = vec![format!("aws_subnet.{vpc}{first}.id")];
        for at in 0..subnets {
            if at != first && self.flip() {
                all.push(format!("aws_subnet.{vpc}{at}.id"));
            }
        }
        let all = format!("[{}]", all.join(", "));
        let fewer = format!("[aws_subnet.{vpc}{first}.id]");
        self.either(&all, &fewer)
    }

    fn gateways(&mut self, subnets: usize) {
        for at in 0..2 {
            let subnet = self.one_of("a", subnets);
            let mut count = String::new();
            if at == 1 && self.flip() {
                let switch = self.switch();
                count = format!("  count = {switch} ? 1 : 0\n");
                self.second_nat = Some(switch);
            }
            let is_public = self.bool().replace("null", "true");
            self.add(&format!("resource \"aws_eip\" \"n{at}\" {{\n  domain = \"vpc\"\n}}"));
            self.add(&format!(
                "resource \"aws_nat_gateway\" \"n{at}\" {{\n{count}  subnet_id = {subnet}\n  connectivity_type = {is_public} ? \"public\" : \"private\"\n  allocation_id = {is_public} ? aws_eip.n{at}.id : null\n}}"
            ));
        }
        let (subnet, check) = (self.one_of("a", subnets), self.bool());
        self.add(&format!(
            "resource \"aws_network_interface\" \"m\" {{\n  subnet_id = {subnet}\n  source_dest_check = {check}\n  security_groups = [aws_security_group.g0.id]\n}}"
        ));
        if self.flip() {
            let tables = self.either("[aws_route_table.a0.id]", "[aws_route_table.a0.id, aws_route_table.a1.id]");
            self.add(&format!(
                "resource \"aws_vpc_endpoint\" \"s3\" {{\n  vpc_id = aws_vpc.a.id\n  service_name = \"com.amazonaws.us-east-1.s3\"\n  route_table_ids = {tables}\n}}"
            ));
        }
    }

    fn transit(&mut self, others: usize) {
        let defaults = self.either("\"enable\"", "\"disable\"");
        self.add(&format!(
            "resource \"aws_ec2_transit_gateway\" \"t\" {{\n  default_route_table_association = {defaults}\n  default_route_table_propagation = {defaults}\n}}"
        ));
        for (vpc, count) in [("a", 2), ("b", others)] {
            let subnets = self.some_of(vpc, count);
            self.add(&format!(
                "resource \"aws_ec2_transit_gateway_vpc_attachment\" \"{vpc}\" {{\n  vpc_id = aws_vpc.{vpc}.id\n  subnet_ids = {subnets}\n  transit_gateway_id = aws_ec2_transit_gateway.t.id\n}}"
            ));
        }
        if self.flip() {
            let to = self.either("aws_ec2_transit_gateway_vpc_attachment.a.id", "aws_ec2_transit_gateway_vpc_attachment.b.id");
            let block = self.either("\"0.0.0.0/0\"", "\"10.0.0.0/16\"");
            self.add(&format!(
                "resource \"aws_ec2_transit_gateway_route\" \"r\" {{\n  destination_cidr_block = {block}\n  transit_gateway_attachment_id = {to}\n  transit_gateway_route_table_id = aws_ec2_transit_gateway.t.association_default_route_table_id\n}}"
            ));
        }
    }

    fn target(&mut self, vpc: &str) -> (&'static str, String) {
        let ids: &[(&str, &str)] = &[
            ("gateway_id", "aws_internet_gateway"),
            ("nat_gateway_id", "aws_nat_gateway.n0.id"),
            ("vpc_peering_connection_id", "aws_vpc_peering_connection.ab.id"),
            ("transit_gateway_id", "aws_ec2_transit_gateway.t.id"),
            ("network_interface_id", "aws_network_interface.m.id"),
        ];
        let at = self.below(ids.len());
        match (ids[at], vpc) {
            (("gateway_id", _), _) => ("gateway_id", format!("aws_internet_gateway.{vpc}.id")),
            ((name, id), "a") => (name, id.to_owned()),
            ((_, _), _) => ("vpc_peering_connection_id", "aws_vpc_peering_connection.ab.id".to_owned()),
        }
    }

    fn tables(&mut self, vpc: &str, subnets: usize) {
        for at in 0..2 {
            let mut inline = String::new();
            let is_inline = self.flip();
            let mut free: Vec<&str> = DESTINATIONS.iter().copied().filter(|it| vpc == "a" || !it.starts_with("10.1")).collect();
            for route in 0..self.below(4) {
                let to = free.remove(self.below(free.len()));
                let to = if self.below(10) == 9 && at == 0 && route == 0 { "var.block".to_owned() } else { format!("\"{to}\"") };
                let ((name, one), (other_name, other)) = (self.target(vpc), self.target(vpc));
                let target = match self.below(6) {
                    0 if name == other_name => format!("{name} = {} ? {one} : {other}", self.switch()),
                    0 => {
                        let switch = self.switch();
                        format!("{name} = {switch} ? {one} : null\n  {other_name} = {switch} ? null : {other}")
                    }
                    _ => format!("{name} = {one}"),
                };
                if let Some(switch) = self.second_nat.filter(|_| vpc == "a" && !is_inline && route == 1) {
                    self.add(&format!(
                        "resource \"aws_route\" \"{vpc}{at}_{route}\" {{\n  count = {switch} ? 1 : 0\n  route_table_id = aws_route_table.{vpc}{at}.id\n  destination_cidr_block = {to}\n  nat_gateway_id = aws_nat_gateway.n1[0].id\n}}"
                    ));
                } else if is_inline {
                    inline.push_str(&format!("  route {{\n  cidr_block = {to}\n  {target}\n  }}\n"));
                } else {
                    let (count, _) = self.count();
                    self.add(&format!(
                        "resource \"aws_route\" \"{vpc}{at}_{route}\" {{\n{count}  route_table_id = aws_route_table.{vpc}{at}.id\n  destination_cidr_block = {to}\n  {target}\n}}"
                    ));
                }
            }
            self.add(&format!("resource \"aws_route_table\" \"{vpc}{at}\" {{\n  vpc_id = aws_vpc.{vpc}.id\n{inline}}}"));
        }
        for at in 0..subnets {
            if self.below(5) == 0 {
                continue;
            }
            let (count, _) = self.count();
            let table = self.either(&format!("aws_route_table.{vpc}0.id"), &format!("aws_route_table.{vpc}1.id"));
            self.add(&format!(
                "resource \"aws_route_table_association\" \"{vpc}{at}\" {{\n{count}  subnet_id = aws_subnet.{vpc}{at}.id\n  route_table_id = {table}\n}}"
            ));
        }
        if self.below(4) == 3 {
            self.add(&format!(
                "resource \"aws_main_route_table_association\" \"{vpc}\" {{\n  vpc_id = aws_vpc.{vpc}.id\n  route_table_id = aws_route_table.{vpc}0.id\n}}"
            ));
        }
    }

    fn ports(&mut self) -> (String, String) {
        match self.below(5) {
            0 => ("0".to_owned(), "65535".to_owned()),
            1 => ("443".to_owned(), "443".to_owned()),
            2 => ("1024".to_owned(), "65535".to_owned()),
            3 => ("var.port".to_owned(), "var.port".to_owned()),
            _ => (self.either("22", "80"), "8080".to_owned()),
        }
    }

    fn groups(&mut self) {
        for at in 0..2 {
            let mut rules = String::new();
            for way in ["ingress", "egress"] {
                for _ in 0..self.below(3) {
                    let (from, to) = self.ports();
                    let protocol = self.either("\"tcp\"", "\"udp\"");
                    let (one, other) = (PEERS[self.below(PEERS.len())], PEERS[self.below(PEERS.len())]);
                    let peer = match self.below(4) {
                        0 => "security_groups = [aws_security_group.g0.id]".to_owned(),
                        1 => "self = true".to_owned(),
                        _ => format!("cidr_blocks = [{}]", self.either(&format!("\"{one}\""), &format!("\"{other}\""))),
                    };
                    let peer = if at == 0 { peer.replace("security_groups = [aws_security_group.g0.id]", "self = true") } else { peer };
                    rules.push_str(&format!(
                        "  {way} {{\n  from_port = {from}\n  to_port = {to}\n  protocol = {protocol}\n  {peer}\n  }}\n"
                    ));
                }
            }
            self.add(&format!("resource \"aws_security_group\" \"g{at}\" {{\n  vpc_id = aws_vpc.a.id\n{rules}}}"));
        }
        self.add("resource \"aws_security_group\" \"b\" {\n  vpc_id = aws_vpc.b.id\n  ingress {\n  from_port = 0\n  to_port = 0\n  protocol = \"-1\"\n  cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}");
        for at in 0..self.below(3) {
            let (from, to) = self.ports();
            let block = PEERS[self.below(PEERS.len())];
            let (count, _) = self.count();
            let group = self.either("aws_security_group.g0.id", "aws_security_group.g1.id");
            let way = ["ingress", "egress"][self.below(2)];
            self.add(&format!(
                "resource \"aws_vpc_security_group_{way}_rule\" \"r{at}\" {{\n{count}  security_group_id = {group}\n  cidr_ipv4 = \"{block}\"\n  from_port = {from}\n  to_port = {to}\n  ip_protocol = \"tcp\"\n}}"
            ));
        }
    }

    fn list(&mut self, subnets: usize) {
        let mut rules = String::new();
        for way in ["ingress", "egress"] {
            for number in 1..=self.below(4) {
                let (from, to) = self.ports();
                let action = self.either("\"allow\"", "\"deny\"");
                let block = PEERS[self.below(PEERS.len())];
                let (protocol, from, to) = if self.flip() { ("tcp", from, to) } else { ("-1", "0".to_owned(), "0".to_owned()) };
                rules.push_str(&format!(
                    "  {way} {{\n  rule_no = {number}\n  action = {action}\n  protocol = \"{protocol}\"\n  cidr_block = \"{block}\"\n  from_port = {from}\n  to_port = {to}\n  }}\n"
                ));
            }
        }
        let subnets = self.some_of("a", subnets);
        self.add(&format!("resource \"aws_network_acl\" \"a\" {{\n  vpc_id = aws_vpc.a.id\n  subnet_ids = {subnets}\n{rules}}}"));
    }

    fn workloads(&mut self, subnets: usize, others: usize) {
        for at in 0..1 + self.below(2) {
            let (subnet, public) = (self.one_of("a", subnets), self.bool());
            let other = ["[aws_security_group.g1.id]", "null"][self.below(4) / 3];
            let groups = self.either("[aws_security_group.g0.id]", other);
            self.add(&format!(
                "resource \"aws_instance\" \"i{at}\" {{\n  ami = \"ami-0123456789abcdef0\"\n  instance_type = \"t3.micro\"\n  subnet_id = {subnet}\n  associate_public_ip_address = {public}\n  vpc_security_group_ids = {groups}\n}}"
            ));
            self.ends.push(format!("aws_instance.i{at}"));
        }
        let (subnet, public) = (self.one_of("b", others), self.bool());
        self.add(&format!(
            "resource \"aws_instance\" \"b\" {{\n  ami = \"ami-0123456789abcdef0\"\n  instance_type = \"t3.micro\"\n  subnet_id = {subnet}\n  associate_public_ip_address = {public}\n  vpc_security_group_ids = [aws_security_group.b.id]\n}}"
        ));
        self.ends.push("aws_instance.b".to_owned());
        if self.flip() {
            let subnets = self.some_of("a", subnets);
            self.add(&format!(
                "resource \"aws_lambda_function\" \"f\" {{\n  function_name = \"f\"\n  role = \"arn:aws:iam::123456789012:role/f\"\n  vpc_config {{\n  subnet_ids = {subnets}\n  security_group_ids = [aws_security_group.g1.id]\n  }}\n}}"
            ));
            self.ends.push("aws_lambda_function.f".to_owned());
        }
        if self.flip() {
            self.load_balancer(subnets);
        }
    }

    fn load_balancer(&mut self, subnets: usize) {
        let (nodes, internal, kind) =
            (self.some_of("a", subnets), self.bool(), self.either("\"application\"", "\"network\""));
        self.add(&format!(
            "resource \"aws_lb\" \"l\" {{\n  load_balancer_type = {kind}\n  internal = {internal}\n  subnets = {nodes}\n  security_groups = [aws_security_group.g0.id]\n}}"
        ));
        let (port, tasks, public) = (self.either("443", "var.port"), self.some_of("a", subnets), self.bool());
        self.add("resource \"aws_lb_target_group\" \"l\" {\n  vpc_id = aws_vpc.a.id\n  port = 8080\n  protocol = \"TCP\"\n  target_type = \"ip\"\n}");
        self.add(&format!(
            "resource \"aws_lb_listener\" \"l\" {{\n  load_balancer_arn = aws_lb.l.arn\n  port = {port}\n  protocol = \"TCP\"\n  default_action {{\n  type = \"forward\"\n  target_group_arn = aws_lb_target_group.l.arn\n  }}\n}}"
        ));
        self.add("resource \"aws_ecs_task_definition\" \"s\" {\n  family = \"s\"\n  requires_compatibilities = [\"FARGATE\"]\n  network_mode = \"awsvpc\"\n  cpu = 256\n  memory = 512\n  container_definitions = jsonencode([{ name = \"s\", image = \"public.ecr.aws/docker/library/httpd:2.4\", portMappings = [{ containerPort = 8080 }] }])\n}");
        self.add(&format!(
            "resource \"aws_ecs_service\" \"s\" {{\n  name = \"s\"\n  task_definition = aws_ecs_task_definition.s.arn\n  launch_type = \"FARGATE\"\n  desired_count = 2\n  network_configuration {{\n  subnets = {tasks}\n  security_groups = [aws_security_group.g1.id]\n  assign_public_ip = {public}\n  }}\n  load_balancer {{\n  target_group_arn = aws_lb_target_group.l.arn\n  container_name = \"s\"\n  container_port = 8080\n  }}\n}}"
        ));
        self.ends.extend(["aws_lb.l".to_owned(), "aws_ecs_service.s".to_owned()]);
    }
}
