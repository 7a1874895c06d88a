# Appliances in a shared services VPC.

provider "aws" {
  region = "us-east-1"
}

resource "aws_ec2_transit_gateway" "hub" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}

resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a_a" {
  vpc_id            = aws_vpc.a.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "a_b" {
  vpc_id            = aws_vpc.a.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "us-east-1b"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "a" {
  transit_gateway_id                              = aws_ec2_transit_gateway.hub.id
  vpc_id                                          = aws_vpc.a.id
  subnet_ids                                      = [aws_subnet.a_a.id, aws_subnet.a_b.id]
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
}

resource "aws_route_table" "a" {
  vpc_id = aws_vpc.a.id
  route {
    cidr_block         = "0.0.0.0/0"
    transit_gateway_id = aws_ec2_transit_gateway.hub.id
  }
}

resource "aws_route_table_association" "a_a" {
  subnet_id      = aws_subnet.a_a.id
  route_table_id = aws_route_table.a.id
}

resource "aws_route_table_association" "a_b" {
  subnet_id      = aws_subnet.a_b.id
  route_table_id = aws_route_table.a.id
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

resource "aws_vpc" "b" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "b_a" {
  vpc_id            = aws_vpc.b.id
  cidr_block        = "10.1.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "b_b" {
  vpc_id            = aws_vpc.b.id
  cidr_block        = "10.1.1.0/24"
  availability_zone = "us-east-1b"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "b" {
  transit_gateway_id                              = aws_ec2_transit_gateway.hub.id
  vpc_id                                          = aws_vpc.b.id
  subnet_ids                                      = [aws_subnet.b_a.id, aws_subnet.b_b.id]
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
}

resource "aws_route_table" "b" {
  vpc_id = aws_vpc.b.id
  route {
    cidr_block         = "0.0.0.0/0"
    transit_gateway_id = aws_ec2_transit_gateway.hub.id
  }
}

resource "aws_route_table_association" "b_a" {
  subnet_id      = aws_subnet.b_a.id
  route_table_id = aws_route_table.b.id
}

resource "aws_route_table_association" "b_b" {
  subnet_id      = aws_subnet.b_b.id
  route_table_id = aws_route_table.b.id
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

resource "aws_instance" "a" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.a_a.id
  vpc_security_group_ids = [aws_security_group.a.id]
}

resource "aws_instance" "b_near" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.b_a.id
  vpc_security_group_ids = [aws_security_group.b.id]
}

resource "aws_instance" "b_far" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.b_b.id
  vpc_security_group_ids = [aws_security_group.b.id]
}

resource "aws_vpc" "c" {
  cidr_block = "192.168.0.0/16"
}

resource "aws_security_group" "appliance" {
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

resource "aws_subnet" "transit_a" {
  vpc_id            = aws_vpc.c.id
  cidr_block        = "192.168.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "appliance_a" {
  vpc_id            = aws_vpc.c.id
  cidr_block        = "192.168.10.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_network_interface" "appliance_a" {
  subnet_id         = aws_subnet.appliance_a.id
  security_groups   = [aws_security_group.appliance.id]
  source_dest_check = false
}

resource "aws_instance" "appliance_a" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.appliance_a.id
  }
}

resource "aws_route_table" "transit_a" {
  vpc_id = aws_vpc.c.id
  route {
    cidr_block           = "0.0.0.0/0"
    network_interface_id = aws_network_interface.appliance_a.id
  }
}

resource "aws_route_table_association" "transit_a" {
  subnet_id      = aws_subnet.transit_a.id
  route_table_id = aws_route_table.transit_a.id
}

resource "aws_route_table" "appliance_a" {
  vpc_id = aws_vpc.c.id
  route {
    cidr_block         = "0.0.0.0/0"
    transit_gateway_id = aws_ec2_transit_gateway.hub.id
  }
}

resource "aws_route_table_association" "appliance_a" {
  subnet_id      = aws_subnet.appliance_a.id
  route_table_id = aws_route_table.appliance_a.id
}

resource "aws_subnet" "transit_b" {
  vpc_id            = aws_vpc.c.id
  cidr_block        = "192.168.1.0/24"
  availability_zone = "us-east-1b"
}

resource "aws_subnet" "appliance_b" {
  vpc_id            = aws_vpc.c.id
  cidr_block        = "192.168.11.0/24"
  availability_zone = "us-east-1b"
}

resource "aws_network_interface" "appliance_b" {
  subnet_id         = aws_subnet.appliance_b.id
  security_groups   = [aws_security_group.appliance.id]
  source_dest_check = false
}

resource "aws_instance" "appliance_b" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.appliance_b.id
  }
}

resource "aws_route_table" "transit_b" {
  vpc_id = aws_vpc.c.id
  route {
    cidr_block           = "0.0.0.0/0"
    network_interface_id = aws_network_interface.appliance_b.id
  }
}

resource "aws_route_table_association" "transit_b" {
  subnet_id      = aws_subnet.transit_b.id
  route_table_id = aws_route_table.transit_b.id
}

resource "aws_route_table" "appliance_b" {
  vpc_id = aws_vpc.c.id
  route {
    cidr_block         = "0.0.0.0/0"
    transit_gateway_id = aws_ec2_transit_gateway.hub.id
  }
}

resource "aws_route_table_association" "appliance_b" {
  subnet_id      = aws_subnet.appliance_b.id
  route_table_id = aws_route_table.appliance_b.id
}

resource "aws_ec2_transit_gateway_vpc_attachment" "c" {
  transit_gateway_id                              = aws_ec2_transit_gateway.hub.id
  vpc_id                                          = aws_vpc.c.id
  subnet_ids                                      = [aws_subnet.transit_a.id, aws_subnet.transit_b.id]
  appliance_mode_support                          = "enable"
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
}

resource "aws_ec2_transit_gateway_route_table" "spokes" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}

resource "aws_ec2_transit_gateway_route_table_association" "a" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.a.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.spokes.id
}

resource "aws_ec2_transit_gateway_route_table_association" "b" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.b.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.spokes.id
}

resource "aws_ec2_transit_gateway_route" "spokes" {
  destination_cidr_block         = "0.0.0.0/0"
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.spokes.id
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.c.id
}

resource "aws_ec2_transit_gateway_route_table" "shared" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}

resource "aws_ec2_transit_gateway_route_table_association" "c" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.c.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.shared.id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "a_to_shared" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.a.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.shared.id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "b_to_shared" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.b.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.shared.id
}
