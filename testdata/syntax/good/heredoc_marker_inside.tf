a = <<EOT
 EOT x
xEOT
${a}EOT
EOT
