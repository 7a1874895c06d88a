# The same with rules and associations of their own, and a list that lets the answers out to the ports that Linux asks
# from: other clients, and every NAT gateway, ask from 1024 upwards. Some connections work and others do not.
# The plan alone does not tell which subnets have the list.

provider "aws" {
  region = "us-east-1"
}

locals {
  zones = { a = 0, b = 1, c = 2 }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "public" {
  for_each          = local.zones
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)
  availability_zone = "us-east-1${each.key}"
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "public" {
  for_each       = aws_subnet.public
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

resource "aws_network_acl" "strict" {
  vpc_id = aws_vpc.main.id
}

resource "aws_network_acl_association" "strict" {
  for_each       = { for zone, subnet in aws_subnet.public : zone => subnet if zone != "a" }
  network_acl_id = aws_network_acl.strict.id
  subnet_id      = each.value.id
}

resource "aws_network_acl_rule" "strict" {
  for_each = {
    https_in    = { egress = false, number = 100, from = 443, to = 443 }
    answers_out = { egress = true, number = 110, from = 32768, to = 65535 }
  }
  network_acl_id = aws_network_acl.strict.id
  egress         = each.value.egress
  rule_number    = each.value.number
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "0.0.0.0/0"
  from_port      = each.value.from
  to_port        = each.value.to
}

resource "aws_security_group" "front" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "front" {
  subnets         = values(aws_subnet.public)[*].id
  security_groups = [aws_security_group.front.id]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.front.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "200"
    }
  }
}
