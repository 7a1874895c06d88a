# Their recorded `json` and `minified_json` stand in documents.json, as version 5.100.0 of the provider wrote them.

data "aws_iam_policy_document" "statements" {
  policy_id = "p"
  statement {
    sid       = "Read"
    actions   = ["s3:Get*", "s3:List*", "s3:Get*"]
    resources = ["arn:aws:s3:::b/&{aws:username}/*"]
  }
  statement {
    effect        = "Deny"
    not_actions   = ["iam:*"]
    not_resources = ["b", "a"]
    sid           = ""
  }
}

data "aws_iam_policy_document" "principals" {
  version = "2008-10-17"
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "ec2.amazonaws.com"]
    }
    principals {
      type        = "AWS"
      identifiers = [123456789012]
    }
  }
  statement {
    actions = ["a:b"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
  statement {
    actions = ["a:c"]
    not_principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

data "aws_iam_policy_document" "conditions" {
  statement {
    actions   = []
    resources = ["<&>"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/&{x}"
      values   = ["&{aws:username}", "a", "a"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [false]
    }
    condition {
      test     = "StringEquals"
      variable = "a"
      values   = ["one"]
    }
  }
}

data "aws_iam_policy_document" "merged" {
  source_policy_documents = [
    data.aws_iam_policy_document.statements.json,
    jsonencode({ version = "2008-10-17", Statement = [
      { Sid = "Own", Effect = "Allow", Action = ["x:y"], Resource = "*", Principal = "*" },
      { Effect = "Allow", Action = ["b:y", "c:z"], Principal = { Service = ["a", "b"], AWS = "c" }, Condition = { Bool = { k = true, l = ["m"] } } },
    ] }),
  ]
  override_policy_documents = [jsonencode({ Id = "other", Statement = [{ Sid = "Read", Effect = "Deny", Action = "*", Resource = [] }] })]
  statement {
    sid     = "Own"
    actions = ["own:it"]
  }
}

data "aws_iam_policy_document" "nothing" {}
