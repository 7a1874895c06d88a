a = a:b(1)
