variable "cidr_block" {
  type = string
}

variable "zones" {
  type = map(object({ number = number, through_nat = bool }))
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr_block
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  subnet_id     = module.zone["a"].subnet
  allocation_id = aws_eip.nat.id
}

module "zone" {
  source            = "./zone"
  for_each          = var.zones
  vpc               = aws_vpc.this.id
  cidr_block        = cidrsubnet(var.cidr_block, 8, each.value.number)
  availability_zone = "us-east-1${each.key}"
}

resource "aws_route" "internet" {
  for_each               = { for name, zone in var.zones : name => zone if !zone.through_nat }
  route_table_id         = module.zone[each.key].route_table
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route" "nat" {
  for_each               = { for name, zone in var.zones : name => zone if zone.through_nat }
  route_table_id         = module.zone[each.key].route_table
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this.id
}

output "vpc" {
  value = aws_vpc.this.id
}

output "subnet_a" {
  value = module.zone["a"].subnet
}

output "subnet_b" {
  value = module.zone["b"].subnet
}
