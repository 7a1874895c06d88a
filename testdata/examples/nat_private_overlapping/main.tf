# Enable communication between overlapping networks.

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

resource "aws_vpc_ipv4_cidr_block_association" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "100.64.1.0/24"
}

resource "aws_vpc" "b" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc_ipv4_cidr_block_association" "b" {
  vpc_id     = aws_vpc.b.id
  cidr_block = "100.64.2.0/24"
}

resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.a.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "a_routable" {
  vpc_id            = aws_vpc_ipv4_cidr_block_association.a.vpc_id
  cidr_block        = "100.64.1.0/25"
  availability_zone = "us-east-1a"
}

resource "aws_nat_gateway" "a" {
  subnet_id         = aws_subnet.a_routable.id
  connectivity_type = "private"
}

resource "aws_subnet" "b" {
  vpc_id            = aws_vpc.b.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "b_routable" {
  vpc_id            = aws_vpc_ipv4_cidr_block_association.b.vpc_id
  cidr_block        = "100.64.2.0/26"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "b_second" {
  vpc_id            = aws_vpc_ipv4_cidr_block_association.b.vpc_id
  cidr_block        = "100.64.2.64/26"
  availability_zone = "us-east-1b"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "a" {
  transit_gateway_id                              = aws_ec2_transit_gateway.hub.id
  vpc_id                                          = aws_vpc.a.id
  subnet_ids                                      = [aws_subnet.a_routable.id]
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
}

resource "aws_ec2_transit_gateway_vpc_attachment" "b" {
  transit_gateway_id                              = aws_ec2_transit_gateway.hub.id
  vpc_id                                          = aws_vpc.b.id
  subnet_ids                                      = [aws_subnet.b_routable.id, aws_subnet.b_second.id]
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
}

resource "aws_ec2_transit_gateway_route_table" "hub" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}

resource "aws_ec2_transit_gateway_route_table_association" "a" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.a.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.hub.id
}

resource "aws_ec2_transit_gateway_route_table_association" "b" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.b.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.hub.id
}

resource "aws_ec2_transit_gateway_route" "hub_0" {
  destination_cidr_block         = "100.64.1.0/24"
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.hub.id
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.a.id
}

resource "aws_ec2_transit_gateway_route" "hub_1" {
  destination_cidr_block         = "100.64.2.0/24"
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.hub.id
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.b.id
}

resource "aws_route_table" "a" {
  vpc_id = aws_vpc.a.id
  route {
    cidr_block     = "100.64.2.0/24"
    nat_gateway_id = aws_nat_gateway.a.id
  }
}

resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}

resource "aws_route_table" "a_routable" {
  vpc_id = aws_vpc.a.id
  route {
    cidr_block         = "100.64.2.0/24"
    transit_gateway_id = aws_ec2_transit_gateway.hub.id
  }
}

resource "aws_route_table_association" "a_routable" {
  subnet_id      = aws_subnet.a_routable.id
  route_table_id = aws_route_table.a_routable.id
}

resource "aws_route_table" "b" {
  vpc_id = aws_vpc.b.id
}

resource "aws_route_table_association" "b" {
  subnet_id      = aws_subnet.b.id
  route_table_id = aws_route_table.b.id
}

resource "aws_route_table" "b_routable" {
  vpc_id = aws_vpc.b.id
  route {
    cidr_block         = "100.64.1.0/24"
    transit_gateway_id = aws_ec2_transit_gateway.hub.id
  }
}

resource "aws_route_table_association" "b_routable" {
  subnet_id      = aws_subnet.b_routable.id
  route_table_id = aws_route_table.b_routable.id
}

resource "aws_route_table_association" "b_second" {
  subnet_id      = aws_subnet.b_second.id
  route_table_id = aws_route_table.b_routable.id
}

resource "aws_security_group" "a" {
  vpc_id = aws_vpc.a.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["10.0.0.0/16"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_security_group" "front" {
  vpc_id = aws_vpc.b.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["100.64.1.0/24"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_security_group" "b" {
  vpc_id = aws_vpc.b.id
  ingress {
    protocol        = "tcp"
    from_port       = 80
    to_port         = 80
    security_groups = [aws_security_group.front.id]
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

resource "aws_instance" "b" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.b.id
  vpc_security_group_ids = [aws_security_group.b.id]
}

resource "aws_lb" "front" {
  name            = "front"
  internal        = true
  subnets         = [aws_subnet.b_routable.id, aws_subnet.b_second.id]
  security_groups = [aws_security_group.front.id]
}

resource "aws_lb_target_group" "front" {
  name     = "front"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.b.id
}

resource "aws_lb_listener" "front" {
  load_balancer_arn = aws_lb.front.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.front.arn
  }
}

resource "aws_lb_target_group_attachment" "b" {
  target_group_arn = aws_lb_target_group.front.arn
  target_id        = aws_instance.b.id
}
