resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["EC2"]
  network_mode             = "host"
  container_definitions = jsonencode([{ # finding
    name           = "app"
    image          = "public.ecr.aws/docker/library/httpd:2.4"
    memory         = 512
    systemControls = [{ namespace = "net.ipv4.tcp_keepalive_time", value = "120" }]
  }])
}
