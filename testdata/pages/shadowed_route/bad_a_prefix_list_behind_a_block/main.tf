resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "public" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_ec2_transit_gateway" "core" {}

resource "aws_ec2_transit_gateway_vpc_attachment" "core" {
  transit_gateway_id = aws_ec2_transit_gateway.core.id
  vpc_id             = aws_vpc.main.id
  subnet_ids         = [aws_subnet.public.id]
}

resource "aws_ec2_managed_prefix_list" "partner" {
  name           = "partner"
  address_family = "IPv4"
  max_entries    = 1
  entry {
    cidr = "203.0.113.0/24"
  }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route" "direct" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "203.0.113.0/24"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route" "partner" { # finding
  route_table_id             = aws_route_table.public.id
  destination_prefix_list_id = aws_ec2_managed_prefix_list.partner.id
  transit_gateway_id         = aws_ec2_transit_gateway.core.id
}
