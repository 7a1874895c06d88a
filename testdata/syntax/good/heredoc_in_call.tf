a = f(<<A
x
A
)
