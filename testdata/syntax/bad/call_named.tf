a = f(a = 1)
