# What the scripts, the policy and the containers say holds whatever the bucket will be called.

resource "aws_s3_bucket" "uploads" {
  bucket_prefix = "uploads"
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

resource "aws_iam_role_policy" "uploads" {
  role = aws_iam_role.host.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "${aws_s3_bucket.uploads.arn}/*" }]
  })
}

resource "aws_instance" "host" {
  ami                  = "ami-0123456789abcdef0"
  instance_type        = "t3.small"
  subnet_id            = "subnet-0123456789abcdef0"
  iam_instance_profile = aws_iam_instance_profile.host.name
  user_data_base64 = base64encode(<<-SCRIPT
    #!/bin/bash
    docker run -d -e BUCKET=${aws_s3_bucket.uploads.id} registry.example.com/uploader:1
  SCRIPT
  )
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}

# A plan tells the hash of this script alone.
resource "aws_instance" "plain" {
  ami                  = "ami-0123456789abcdef0"
  instance_type        = "t3.small"
  subnet_id            = "subnet-0123456789abcdef0"
  iam_instance_profile = aws_iam_instance_profile.host.name
  user_data            = "#!/bin/bash\ndocker run -d registry.example.com/uploader:1\n"
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
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
    name   = "app"
    image  = "public.ecr.aws/docker/library/httpd:2.4"
    memory = 512
    environment = [
      { name = "S3_BUCKET", value = aws_s3_bucket.uploads.id },
      { name = "DB_PASSWORD", value = "tiger-lily-7-example" },
    ]
  }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app.arn
  launch_type     = "EC2"
  desired_count   = 2
}
