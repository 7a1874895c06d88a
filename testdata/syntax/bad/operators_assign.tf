a = a = b
