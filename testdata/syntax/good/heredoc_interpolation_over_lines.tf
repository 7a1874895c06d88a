a = <<A
${
 b
}
A
