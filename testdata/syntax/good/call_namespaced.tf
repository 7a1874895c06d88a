a = provider::aws::arn_parse(a)
