# No plan at all: the state of the broken network, as `terraform show -json` prints it.

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "zone" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, count.index)
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}

resource "aws_route_table" "zone" {
  count  = 2
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "zone" {
  count          = 2
  subnet_id      = aws_subnet.zone[count.index].id
  route_table_id = aws_route_table.zone[count.index].id
}

resource "aws_route" "a" {
  route_table_id         = aws_route_table.zone[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_eip" "out" {
  domain = "vpc"
}

resource "aws_nat_gateway" "out" {
  subnet_id     = aws_subnet.zone[0].id
  allocation_id = aws_eip.out.id
}

resource "aws_route" "b" {
  route_table_id         = aws_route_table.zone[1].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.out.id
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
  name            = "front"
  subnets         = aws_subnet.zone[*].id
  security_groups = [aws_security_group.front.id]
}
