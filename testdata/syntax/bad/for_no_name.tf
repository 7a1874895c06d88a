a = [for in a : 1]
