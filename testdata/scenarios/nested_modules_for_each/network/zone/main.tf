variable "vpc" {
  type = string
}

variable "cidr_block" {
  type = string
}

variable "availability_zone" {
  type = string
}

resource "aws_subnet" "this" {
  vpc_id            = var.vpc
  cidr_block        = var.cidr_block
  availability_zone = var.availability_zone
}

resource "aws_route_table" "this" {
  vpc_id = var.vpc
}

resource "aws_route_table_association" "this" {
  subnet_id      = aws_subnet.this.id
  route_table_id = aws_route_table.this.id
}

output "subnet" {
  value = aws_subnet.this.id
}

output "route_table" {
  value = aws_route_table.this.id
}
