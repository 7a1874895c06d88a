a = <<A
${f(<<B
x
B
)}
A
