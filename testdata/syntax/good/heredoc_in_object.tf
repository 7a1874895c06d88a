a = {
 a = <<A
x
A
 b = 1
}
