a = <<EOT
%{ for v in a ~}
${v}
%{ endfor ~}
EOT
