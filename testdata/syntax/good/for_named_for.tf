a = [for for in a : for]
