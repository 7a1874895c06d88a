a = <<"EOT"
a
EOT
