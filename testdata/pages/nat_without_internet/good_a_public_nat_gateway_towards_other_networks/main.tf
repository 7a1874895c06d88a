resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "routable" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "app" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_ec2_transit_gateway" "core" {}

resource "aws_ec2_transit_gateway_vpc_attachment" "core" {
  transit_gateway_id = aws_ec2_transit_gateway.core.id
  vpc_id             = aws_vpc.main.id
  subnet_ids         = [aws_subnet.routable.id]
}

resource "aws_route_table" "routable" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block         = "10.0.0.0/8"
    transit_gateway_id = aws_ec2_transit_gateway.core.id
  }
}

resource "aws_route_table" "app" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block     = "10.0.0.0/8"
    nat_gateway_id = aws_nat_gateway.hide.id
  }
}

resource "aws_route_table_association" "routable" {
  subnet_id      = aws_subnet.routable.id
  route_table_id = aws_route_table.routable.id
}

resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app.id
  route_table_id = aws_route_table.app.id
}

resource "aws_eip" "hide" {
  domain = "vpc"
}

resource "aws_nat_gateway" "hide" {
  subnet_id     = aws_subnet.routable.id
  allocation_id = aws_eip.hide.id
}
