variable "zones" {
  type = list(string)
}

variable "block" {
  type = string
}

resource "aws_vpc" "main" {
  cidr_block = var.block
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "zone" {
  for_each          = toset(var.zones)
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(var.block, 8, index(var.zones, each.key))
  availability_zone = each.key
}

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "web" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.small"
  subnet_id                   = aws_subnet.zone[var.zones[0]].id
  vpc_security_group_ids      = [aws_security_group.web.id]
  associate_public_ip_address = true
}
