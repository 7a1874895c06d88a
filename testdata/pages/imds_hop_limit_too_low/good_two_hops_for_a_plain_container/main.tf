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
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::uploads/*" }]
  })
}

resource "aws_instance" "host" {
  ami                  = "ami-0123456789abcdef0"
  instance_type        = "t3.small"
  subnet_id            = "subnet-0123456789abcdef0"
  iam_instance_profile = aws_iam_instance_profile.host.name
  user_data_base64     = base64encode("#!/bin/bash\ndocker run -d --restart always registry.example.com/uploader:1\n")
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
}
