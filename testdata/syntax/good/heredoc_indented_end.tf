a = <<EOT
a
  EOT  
