resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  container_definitions = jsonencode([{ # finding
    name        = "app"
    image       = "public.ecr.aws/docker/library/httpd:2.4"
    environment = [{ name = "DATABASE_URL", value = "postgres://app:tiger-lily-7-example@db.internal:5432/app" }]
  }])
}
