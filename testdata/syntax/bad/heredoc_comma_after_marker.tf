a = f(<<A
x
A, 1)
