resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  container_definitions = jsonencode([ # finding
    {
      name           = "app"
      image          = "public.ecr.aws/docker/library/httpd:2.4"
      systemControls = [{ namespace = "net.ipv4.tcp_keepalive_time", value = "120" }]
    },
    {
      name           = "log"
      image          = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2"
      systemControls = [{ namespace = "net.ipv4.tcp_keepalive_time", value = "600" }]
    },
  ])
}
