a = <<EOT 
a
EOT
