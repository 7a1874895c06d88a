# Two zone architecture with internet gateway and firewall.

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "firewall_a" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.10.0/28"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "customer_a" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "firewall_b" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.11.0/28"
  availability_zone = "us-east-1b"
}

resource "aws_subnet" "customer_b" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.3.0/24"
  availability_zone = "us-east-1b"
}

resource "aws_networkfirewall_firewall_policy" "wall_a" {
  name = "wall-a"
  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]
  }
}

resource "aws_networkfirewall_firewall" "wall_a" {
  name                = "wall-a"
  vpc_id              = aws_vpc.main.id
  firewall_policy_arn = aws_networkfirewall_firewall_policy.wall_a.arn
  subnet_mapping {
    subnet_id = aws_subnet.firewall_a.id
  }
}

resource "aws_networkfirewall_firewall_policy" "wall_b" {
  name = "wall-b"
  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]
  }
}

resource "aws_networkfirewall_firewall" "wall_b" {
  name                = "wall-b"
  vpc_id              = aws_vpc.main.id
  firewall_policy_arn = aws_networkfirewall_firewall_policy.wall_b.arn
  subnet_mapping {
    subnet_id = aws_subnet.firewall_b.id
  }
}

resource "aws_route_table" "gateway" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "gateway_to_wall_a" {
  route_table_id         = aws_route_table.gateway.id
  destination_cidr_block = "10.0.2.0/24"
  vpc_endpoint_id        = one([for state in aws_networkfirewall_firewall.wall_a.firewall_status[0].sync_states : state.attachment[0].endpoint_id if state.availability_zone == "us-east-1a"])
}

resource "aws_route" "gateway_to_wall_b" {
  route_table_id         = aws_route_table.gateway.id
  destination_cidr_block = "10.0.3.0/24"
  vpc_endpoint_id        = one([for state in aws_networkfirewall_firewall.wall_b.firewall_status[0].sync_states : state.attachment[0].endpoint_id if state.availability_zone == "us-east-1b"])
}

resource "aws_route_table_association" "gateway" {
  gateway_id     = aws_internet_gateway.main.id
  route_table_id = aws_route_table.gateway.id
}

resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_route_table" "firewall_a" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "firewall_a_to_main" {
  route_table_id         = aws_route_table.firewall_a.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table_association" "firewall_a" {
  subnet_id      = aws_subnet.firewall_a.id
  route_table_id = aws_route_table.firewall_a.id
}

resource "aws_route_table" "customer_a" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "customer_a_to_wall_a" {
  route_table_id         = aws_route_table.customer_a.id
  destination_cidr_block = "0.0.0.0/0"
  vpc_endpoint_id        = one([for state in aws_networkfirewall_firewall.wall_a.firewall_status[0].sync_states : state.attachment[0].endpoint_id if state.availability_zone == "us-east-1a"])
}

resource "aws_route_table_association" "customer_a" {
  subnet_id      = aws_subnet.customer_a.id
  route_table_id = aws_route_table.customer_a.id
}

resource "aws_instance" "web_a" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.customer_a.id
  vpc_security_group_ids      = [aws_security_group.web.id]
  associate_public_ip_address = true
}

resource "aws_route_table" "firewall_b" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "firewall_b_to_main" {
  route_table_id         = aws_route_table.firewall_b.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table_association" "firewall_b" {
  subnet_id      = aws_subnet.firewall_b.id
  route_table_id = aws_route_table.firewall_b.id
}

resource "aws_route_table" "customer_b" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "customer_b_to_wall_b" {
  route_table_id         = aws_route_table.customer_b.id
  destination_cidr_block = "0.0.0.0/0"
  vpc_endpoint_id        = one([for state in aws_networkfirewall_firewall.wall_b.firewall_status[0].sync_states : state.attachment[0].endpoint_id if state.availability_zone == "us-east-1b"])
}

resource "aws_route_table_association" "customer_b" {
  subnet_id      = aws_subnet.customer_b.id
  route_table_id = aws_route_table.customer_b.id
}

resource "aws_instance" "web_b" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.customer_b.id
  vpc_security_group_ids      = [aws_security_group.web.id]
  associate_public_ip_address = true
}
