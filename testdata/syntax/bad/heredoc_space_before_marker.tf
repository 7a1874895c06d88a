a = << EOT
a
EOT
