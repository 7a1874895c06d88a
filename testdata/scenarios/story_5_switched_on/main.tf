# What the launch says hangs on a switch, and the switch is on.

variable "containers_use_the_host" {
  type    = bool
  default = true
}

resource "aws_iam_role" "host" {
  name = "host"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_instance_profile" "host" {
  name = "host"
  role = aws_iam_role.host.name
}

resource "aws_iam_role_policy_attachment" "agent" {
  role       = aws_iam_role.host.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}

resource "aws_iam_role_policy" "uploads" {
  role = aws_iam_role.host.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::uploads/*" }]
  })
}

resource "aws_launch_template" "host" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m6i.large"
  user_data     = base64encode("#!/bin/bash\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n")
  iam_instance_profile {
    name = aws_iam_instance_profile.host.name
  }
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = var.containers_use_the_host ? 2 : 1
  }
}

resource "aws_autoscaling_group" "host" {
  availability_zones = ["us-east-1a", "us-east-1b"]
  min_size           = 2
  max_size           = 4
  launch_template {
    id      = aws_launch_template.host.id
    version = aws_launch_template.host.latest_version
  }
}

resource "aws_ecs_cluster" "main" {
  name = "main"
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"
  container_definitions = jsonencode([{
    name        = "app"
    image       = "public.ecr.aws/docker/library/httpd:2.4"
    memory      = 512
    environment = [{ name = "S3_BUCKET", value = "uploads" }]
  }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app.arn
  launch_type     = "EC2"
  desired_count   = 2
}
