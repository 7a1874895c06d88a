# A Gateway Load Balancer's endpoint for IPv4 and IPv6.

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "consumer" {
  cidr_block        = "10.0.0.0/16"
  ipv6_ipam_pool_id = "ipam-pool-0123456789abcdef0"
  ipv6_cidr_block   = "2001:db8:1234:1a00::/56"
}

resource "aws_vpc" "provider" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_internet_gateway" "consumer" {
  vpc_id = aws_vpc.consumer.id
}

resource "aws_subnet" "application" {
  vpc_id            = aws_vpc.consumer.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
  ipv6_cidr_block   = "2001:db8:1234:1a00::/64"
}

resource "aws_subnet" "endpoint" {
  vpc_id            = aws_vpc.consumer.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "us-east-1a"
  ipv6_cidr_block   = "2001:db8:1234:1a01::/64"
}

resource "aws_subnet" "appliances" {
  vpc_id            = aws_vpc.provider.id
  cidr_block        = "10.1.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_security_group" "appliances" {
  vpc_id = aws_vpc.provider.id
  ingress {
    protocol    = "udp"
    from_port   = 6081
    to_port     = 6081
    cidr_blocks = ["10.1.0.0/24"]
  }
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["10.1.0.0/24"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "appliance" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.appliances.id
  vpc_security_group_ids = [aws_security_group.appliances.id]
}

resource "aws_lb" "fleet" {
  name               = "fleet"
  load_balancer_type = "gateway"
  subnets            = [aws_subnet.appliances.id]
}

resource "aws_lb_target_group" "fleet" {
  name     = "fleet"
  port     = 6081
  protocol = "GENEVE"
  vpc_id   = aws_vpc.provider.id
  health_check {
    port     = "80"
    protocol = "TCP"
  }
}

resource "aws_lb_listener" "fleet" {
  load_balancer_arn = aws_lb.fleet.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.fleet.arn
  }
}

resource "aws_lb_target_group_attachment" "appliance" {
  target_group_arn = aws_lb_target_group.fleet.arn
  target_id        = aws_instance.appliance.id
}

resource "aws_vpc_endpoint_service" "fleet" {
  acceptance_required        = false
  gateway_load_balancer_arns = [aws_lb.fleet.arn]
}

resource "aws_vpc_endpoint" "inspection" {
  vpc_id            = aws_vpc.consumer.id
  service_name      = aws_vpc_endpoint_service.fleet.service_name
  vpc_endpoint_type = "GatewayLoadBalancer"
  subnet_ids        = [aws_subnet.endpoint.id]
}

resource "aws_route_table" "gateway" {
  vpc_id = aws_vpc.consumer.id
  route {
    cidr_block      = "10.0.0.0/24"
    vpc_endpoint_id = aws_vpc_endpoint.inspection.id
  }
  route {
    ipv6_cidr_block = "2001:db8:1234:1a00::/64"
    vpc_endpoint_id = aws_vpc_endpoint.inspection.id
  }
}

resource "aws_route_table_association" "gateway" {
  gateway_id     = aws_internet_gateway.consumer.id
  route_table_id = aws_route_table.gateway.id
}

resource "aws_route_table" "application" {
  vpc_id = aws_vpc.consumer.id
  route {
    cidr_block      = "0.0.0.0/0"
    vpc_endpoint_id = aws_vpc_endpoint.inspection.id
  }
  route {
    ipv6_cidr_block = "::/0"
    vpc_endpoint_id = aws_vpc_endpoint.inspection.id
  }
}

resource "aws_route_table_association" "application" {
  subnet_id      = aws_subnet.application.id
  route_table_id = aws_route_table.application.id
}

resource "aws_route_table" "endpoint" {
  vpc_id = aws_vpc.consumer.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.consumer.id
  }
  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.consumer.id
  }
}

resource "aws_route_table_association" "endpoint" {
  subnet_id      = aws_subnet.endpoint.id
  route_table_id = aws_route_table.endpoint.id
}

resource "aws_security_group" "web" {
  vpc_id = aws_vpc.consumer.id
  ingress {
    protocol         = "tcp"
    from_port        = 443
    to_port          = 443
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

resource "aws_instance" "web" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.application.id
  vpc_security_group_ids      = [aws_security_group.web.id]
  associate_public_ip_address = true
  ipv6_address_count          = 1
}
