resource "aws_vpc" "main" {
  count      = var.enabled ? 1 : 0
  cidr_block = "10.0.0.0/16" # comment

  tags = merge(local.tags, {
    Name = "${var.name}-vpc"
  })

  dynamic "timeouts" {
    for_each = var.timeouts[*]
    content {
      create = timeouts.value.create
    }
  }

  lifecycle {
    ignore_changes = [tags["a"], tags.b]
  }
}
