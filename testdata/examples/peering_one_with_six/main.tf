# One VPC peered with six VPCs.

provider "aws" {
  region = "us-east-1"
}

locals {
  vpcs = { a = 0, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6 }
  pairs = {
    for pair in [for name in keys(local.vpcs) : ["a", name] if name != "a"] : join("", pair) => { from = pair[0], to = pair[1] }
  }
  routes = merge(
    { for name, pair in local.pairs : "${pair.from}${pair.to}" => { at = pair.from, to = pair.to, by = name } },
    { for name, pair in local.pairs : "${pair.to}${pair.from}" => { at = pair.to, to = pair.from, by = name } },
  )
}

resource "aws_vpc" "each" {
  for_each   = local.vpcs
  cidr_block = "10.${each.value}.0.0/16"
}

resource "aws_subnet" "each" {
  for_each          = local.vpcs
  vpc_id            = aws_vpc.each[each.key].id
  cidr_block        = cidrsubnet(aws_vpc.each[each.key].cidr_block, 8, 1)
  availability_zone = "us-east-1a"
}

resource "aws_vpc_peering_connection" "each" {
  for_each    = local.pairs
  vpc_id      = aws_vpc.each[each.value.from].id
  peer_vpc_id = aws_vpc.each[each.value.to].id
  auto_accept = true
}

resource "aws_route_table" "each" {
  for_each = local.vpcs
  vpc_id   = aws_vpc.each[each.key].id
}

resource "aws_route_table_association" "each" {
  for_each       = local.vpcs
  subnet_id      = aws_subnet.each[each.key].id
  route_table_id = aws_route_table.each[each.key].id
}

resource "aws_route" "each" {
  for_each                  = local.routes
  route_table_id            = aws_route_table.each[each.value.at].id
  destination_cidr_block    = aws_vpc.each[each.value.to].cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.each[each.value.by].id
}

resource "aws_security_group" "each" {
  for_each = local.vpcs
  vpc_id   = aws_vpc.each[each.key].id
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "each" {
  for_each               = local.vpcs
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.each[each.key].id
  vpc_security_group_ids = [aws_security_group.each[each.key].id]
}
