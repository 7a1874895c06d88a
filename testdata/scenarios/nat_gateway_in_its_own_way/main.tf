# One table for the NAT gateway's subnet and the workloads': the loop is the one finding, no second one says that the same
# NAT gateway has no internet. The other NAT gateway stands in a subnet without a default route.

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "one" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "two" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "us-east-1b"
}

resource "aws_subnet" "app" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "batch" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.3.0/24"
  availability_zone = "us-east-1b"
}

resource "aws_route_table" "shared" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "two" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "batch" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "one" {
  subnet_id      = aws_subnet.one.id
  route_table_id = aws_route_table.shared.id
}

resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app.id
  route_table_id = aws_route_table.shared.id
}

resource "aws_route_table_association" "two" {
  subnet_id      = aws_subnet.two.id
  route_table_id = aws_route_table.two.id
}

resource "aws_route_table_association" "batch" {
  subnet_id      = aws_subnet.batch.id
  route_table_id = aws_route_table.batch.id
}

resource "aws_eip" "one" {
  domain = "vpc"
}

resource "aws_nat_gateway" "one" {
  subnet_id     = aws_subnet.one.id
  allocation_id = aws_eip.one.id
}

resource "aws_eip" "two" {
  domain = "vpc"
}

resource "aws_nat_gateway" "two" {
  subnet_id     = aws_subnet.two.id
  allocation_id = aws_eip.two.id
}

resource "aws_route" "out" {
  route_table_id         = aws_route_table.shared.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.one.id
}

resource "aws_route" "batch" {
  route_table_id         = aws_route_table.batch.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.two.id
}
