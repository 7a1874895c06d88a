variable "vpc" {
  type = string
}

variable "subnets" {
  type = list(string)
}

resource "aws_security_group" "this" {
  vpc_id = var.vpc
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "this" {
  subnets         = var.subnets
  security_groups = [aws_security_group.this.id]
}
