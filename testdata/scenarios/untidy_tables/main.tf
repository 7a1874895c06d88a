# A table that nobody uses, a destination written twice, a route that no packet takes, a way to a peer that nobody accepts.
# No load balancer, no NAT gateway: nothing else is wrong.

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "peer" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpn_gateway" "office" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_peering_connection" "peer" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = aws_vpc.peer.id
}

resource "aws_subnet" "public" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "app" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table" "app" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "forgotten" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app.id
  route_table_id = aws_route_table.app.id
}

resource "aws_route" "peer" {
  route_table_id            = aws_route_table.app.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
}

resource "aws_route" "office" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "192.168.0.0/16"
  gateway_id             = aws_vpn_gateway.office.id
}

resource "aws_route" "office_again" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "192.168.0.0/16"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route" "lab" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "172.20.0.0/16"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route" "lab_lower" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "172.20.0.0/17"
  gateway_id             = aws_vpn_gateway.office.id
}

resource "aws_route" "lab_upper" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "172.20.128.0/17"
  gateway_id             = aws_vpn_gateway.office.id
}
