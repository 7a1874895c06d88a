# A spoke configuration and a full mesh with overlapping blocks.

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.a.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_security_group" "a" {
  vpc_id = aws_vpc.a.id
  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "a" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.a.id]
}

resource "aws_vpc" "b" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "b" {
  vpc_id            = aws_vpc.b.id
  cidr_block        = "10.1.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_security_group" "b" {
  vpc_id = aws_vpc.b.id
  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "b" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.b.id
  vpc_security_group_ids = [aws_security_group.b.id]
}

resource "aws_vpc" "c" {
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "c" {
  vpc_id            = aws_vpc.c.id
  cidr_block        = "10.2.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_security_group" "c" {
  vpc_id = aws_vpc.c.id
  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "c" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.c.id
  vpc_security_group_ids = [aws_security_group.c.id]
}

resource "aws_vpc" "e" {
  cidr_block = "10.4.0.0/16"
}

resource "aws_subnet" "e" {
  vpc_id            = aws_vpc.e.id
  cidr_block        = "10.4.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_security_group" "e" {
  vpc_id = aws_vpc.e.id
  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "e" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.e.id
  vpc_security_group_ids = [aws_security_group.e.id]
}

resource "aws_vpc" "f" {
  cidr_block = "10.5.0.0/16"
}

resource "aws_subnet" "f" {
  vpc_id            = aws_vpc.f.id
  cidr_block        = "10.5.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_security_group" "f" {
  vpc_id = aws_vpc.f.id
  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "f" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.f.id
  vpc_security_group_ids = [aws_security_group.f.id]
}

resource "aws_vpc" "g" {
  cidr_block = "10.6.0.0/16"
}

resource "aws_subnet" "g" {
  vpc_id            = aws_vpc.g.id
  cidr_block        = "10.6.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_security_group" "g" {
  vpc_id = aws_vpc.g.id
  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "g" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.g.id
  vpc_security_group_ids = [aws_security_group.g.id]
}

resource "aws_vpc" "x" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "x" {
  vpc_id            = aws_vpc.x.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_security_group" "x" {
  vpc_id = aws_vpc.x.id
  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "x" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.x.id
  vpc_security_group_ids = [aws_security_group.x.id]
}

resource "aws_vpc" "y" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_subnet" "y" {
  vpc_id            = aws_vpc.y.id
  cidr_block        = "10.20.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_security_group" "y" {
  vpc_id = aws_vpc.y.id
  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "y" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.y.id
  vpc_security_group_ids = [aws_security_group.y.id]
}

resource "aws_vpc" "d" {
  cidr_block = "10.10.0.0/16"
}

resource "aws_security_group" "d" {
  vpc_id = aws_vpc.d.id
  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_subnet" "d_1" {
  vpc_id            = aws_vpc.d.id
  cidr_block        = "10.10.1.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_instance" "d_1" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.d_1.id
  vpc_security_group_ids = [aws_security_group.d.id]
}

resource "aws_subnet" "d_2" {
  vpc_id            = aws_vpc.d.id
  cidr_block        = "10.10.2.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_instance" "d_2" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.d_2.id
  vpc_security_group_ids = [aws_security_group.d.id]
}

resource "aws_vpc" "z" {
  cidr_block = "10.10.0.0/16"
}

resource "aws_security_group" "z" {
  vpc_id = aws_vpc.z.id
  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_subnet" "z_1" {
  vpc_id            = aws_vpc.z.id
  cidr_block        = "10.10.1.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_instance" "z_1" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.z_1.id
  vpc_security_group_ids = [aws_security_group.z.id]
}

resource "aws_vpc_peering_connection" "ab" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.b.id
  auto_accept = true
}

resource "aws_vpc_peering_connection" "ac" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.c.id
  auto_accept = true
}

resource "aws_vpc_peering_connection" "ad" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.d.id
  auto_accept = true
}

resource "aws_vpc_peering_connection" "ae" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.e.id
  auto_accept = true
}

resource "aws_vpc_peering_connection" "af" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.f.id
  auto_accept = true
}

resource "aws_vpc_peering_connection" "ag" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.g.id
  auto_accept = true
}

resource "aws_vpc_peering_connection" "dx" {
  vpc_id      = aws_vpc.d.id
  peer_vpc_id = aws_vpc.x.id
  auto_accept = true
}

resource "aws_vpc_peering_connection" "xy" {
  vpc_id      = aws_vpc.x.id
  peer_vpc_id = aws_vpc.y.id
  auto_accept = true
}

resource "aws_vpc_peering_connection" "xz" {
  vpc_id      = aws_vpc.x.id
  peer_vpc_id = aws_vpc.z.id
  auto_accept = true
}

resource "aws_vpc_peering_connection" "yz" {
  vpc_id      = aws_vpc.y.id
  peer_vpc_id = aws_vpc.z.id
  auto_accept = true
}

resource "aws_route_table" "a" {
  vpc_id = aws_vpc.a.id
}

resource "aws_route" "a_to_ab" {
  route_table_id            = aws_route_table.a.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ab.id
}

resource "aws_route" "a_to_ac" {
  route_table_id            = aws_route_table.a.id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ac.id
}

resource "aws_route" "a_to_ae" {
  route_table_id            = aws_route_table.a.id
  destination_cidr_block    = "10.4.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ae.id
}

resource "aws_route" "a_to_af" {
  route_table_id            = aws_route_table.a.id
  destination_cidr_block    = "10.5.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.af.id
}

resource "aws_route" "a_to_ag" {
  route_table_id            = aws_route_table.a.id
  destination_cidr_block    = "10.6.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ag.id
}

resource "aws_route" "a_to_ad" {
  route_table_id            = aws_route_table.a.id
  destination_cidr_block    = "10.10.1.0/24"
  vpc_peering_connection_id = aws_vpc_peering_connection.ad.id
}

resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}

resource "aws_route_table" "b" {
  vpc_id = aws_vpc.b.id
}

resource "aws_route" "b_to_ab" {
  route_table_id            = aws_route_table.b.id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ab.id
}

resource "aws_route_table_association" "b" {
  subnet_id      = aws_subnet.b.id
  route_table_id = aws_route_table.b.id
}

resource "aws_route_table" "c" {
  vpc_id = aws_vpc.c.id
}

resource "aws_route" "c_to_ac" {
  route_table_id            = aws_route_table.c.id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ac.id
}

resource "aws_route_table_association" "c" {
  subnet_id      = aws_subnet.c.id
  route_table_id = aws_route_table.c.id
}

resource "aws_route_table" "e" {
  vpc_id = aws_vpc.e.id
}

resource "aws_route" "e_to_ae" {
  route_table_id            = aws_route_table.e.id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ae.id
}

resource "aws_route_table_association" "e" {
  subnet_id      = aws_subnet.e.id
  route_table_id = aws_route_table.e.id
}

resource "aws_route_table" "f" {
  vpc_id = aws_vpc.f.id
}

resource "aws_route" "f_to_af" {
  route_table_id            = aws_route_table.f.id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.af.id
}

resource "aws_route_table_association" "f" {
  subnet_id      = aws_subnet.f.id
  route_table_id = aws_route_table.f.id
}

resource "aws_route_table" "g" {
  vpc_id = aws_vpc.g.id
}

resource "aws_route" "g_to_ag" {
  route_table_id            = aws_route_table.g.id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ag.id
}

resource "aws_route_table_association" "g" {
  subnet_id      = aws_subnet.g.id
  route_table_id = aws_route_table.g.id
}

resource "aws_route_table" "d_1" {
  vpc_id = aws_vpc.d.id
}

resource "aws_route" "d_1_to_ad" {
  route_table_id            = aws_route_table.d_1.id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ad.id
}

resource "aws_route_table_association" "d_1" {
  subnet_id      = aws_subnet.d_1.id
  route_table_id = aws_route_table.d_1.id
}

resource "aws_route_table" "d_2" {
  vpc_id = aws_vpc.d.id
}

resource "aws_route" "d_2_to_dx" {
  route_table_id            = aws_route_table.d_2.id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.dx.id
}

resource "aws_route_table_association" "d_2" {
  subnet_id      = aws_subnet.d_2.id
  route_table_id = aws_route_table.d_2.id
}

resource "aws_route_table" "x" {
  vpc_id = aws_vpc.x.id
}

resource "aws_route" "x_to_dx" {
  route_table_id            = aws_route_table.x.id
  destination_cidr_block    = "10.10.2.0/24"
  vpc_peering_connection_id = aws_vpc_peering_connection.dx.id
}

resource "aws_route" "x_to_xy" {
  route_table_id            = aws_route_table.x.id
  destination_cidr_block    = "10.20.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.xy.id
}

resource "aws_route" "x_to_xz" {
  route_table_id            = aws_route_table.x.id
  destination_cidr_block    = "10.10.1.0/24"
  vpc_peering_connection_id = aws_vpc_peering_connection.xz.id
}

resource "aws_route_table_association" "x" {
  subnet_id      = aws_subnet.x.id
  route_table_id = aws_route_table.x.id
}

resource "aws_route_table" "y" {
  vpc_id = aws_vpc.y.id
}

resource "aws_route" "y_to_xy" {
  route_table_id            = aws_route_table.y.id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.xy.id
}

resource "aws_route" "y_to_yz" {
  route_table_id            = aws_route_table.y.id
  destination_cidr_block    = "10.10.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.yz.id
}

resource "aws_route_table_association" "y" {
  subnet_id      = aws_subnet.y.id
  route_table_id = aws_route_table.y.id
}

resource "aws_route_table" "z" {
  vpc_id = aws_vpc.z.id
}

resource "aws_route" "z_to_yz" {
  route_table_id            = aws_route_table.z.id
  destination_cidr_block    = "10.20.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.yz.id
}

resource "aws_route" "z_to_xz" {
  route_table_id            = aws_route_table.z.id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.xz.id
}

resource "aws_route_table_association" "z_1" {
  subnet_id      = aws_subnet.z_1.id
  route_table_id = aws_route_table.z.id
}
