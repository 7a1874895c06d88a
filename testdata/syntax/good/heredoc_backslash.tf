a = <<EOT
a\n\x
EOT
