# Control access to instances in a subnet.

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "main" {
  cidr_block = "172.31.0.0/16"
}

resource "aws_subnet" "servers" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "172.31.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "remote" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "172.31.1.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "servers" {
  subnet_id      = aws_subnet.servers.id
  route_table_id = aws_route_table.main.id
}

resource "aws_route_table_association" "remote" {
  subnet_id      = aws_subnet.remote.id
  route_table_id = aws_route_table.main.id
}

resource "aws_network_acl" "servers" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.servers.id]
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "172.31.1.2/32"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 1024
    to_port    = 65535
    cidr_block = "172.31.1.2/32"
  }
}

resource "aws_security_group" "servers" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["172.31.1.2/32"]
  }
  egress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
}

resource "aws_security_group" "remote" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["172.31.0.0/16"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "one" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.servers.id
  vpc_security_group_ids = [aws_security_group.servers.id]
}

resource "aws_instance" "two" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.servers.id
  vpc_security_group_ids = [aws_security_group.servers.id]
}

resource "aws_instance" "remote" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.remote.id
  vpc_security_group_ids = [aws_security_group.remote.id]
  private_ip             = "172.31.1.2"
}

resource "aws_instance" "stranger" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.remote.id
  vpc_security_group_ids = [aws_security_group.remote.id]
  private_ip             = "172.31.1.3"
}
