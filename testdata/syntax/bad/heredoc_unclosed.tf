a = <<EOT
a

