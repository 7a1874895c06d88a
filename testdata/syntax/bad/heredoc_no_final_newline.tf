a = <<EOT
a
EOT