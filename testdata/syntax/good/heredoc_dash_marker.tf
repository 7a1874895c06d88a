a = <<A-B
x
A-B
