resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "app" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_ec2_transit_gateway" "core" {}

resource "aws_ec2_transit_gateway_vpc_attachment" "core" {
  transit_gateway_id = aws_ec2_transit_gateway.core.id
  vpc_id             = aws_vpc.main.id
  subnet_ids         = [aws_subnet.app.id]
}

resource "aws_vpn_gateway" "office" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "app" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app.id
  route_table_id = aws_route_table.app.id
}

resource "aws_route" "branches" { # finding
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "192.168.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.core.id
}

resource "aws_route" "lower" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "192.168.0.0/17"
  gateway_id             = aws_vpn_gateway.office.id
}

resource "aws_route" "upper" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "192.168.128.0/17"
  gateway_id             = aws_vpn_gateway.office.id
}
