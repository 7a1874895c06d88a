resource "aws_wafv2_web_acl" "front" {
  name  = "front"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "front"
    sampled_requests_enabled   = true
  }
}

resource "aws_apigatewayv2_api" "app" {
  name          = "app"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_stage" "live" {
  api_id      = aws_apigatewayv2_api.app.id
  name        = "live"
  auto_deploy = true
}

resource "aws_wafv2_web_acl_association" "front" { # finding
  web_acl_arn  = aws_wafv2_web_acl.front.arn
  resource_arn = aws_apigatewayv2_stage.live.arn
}
