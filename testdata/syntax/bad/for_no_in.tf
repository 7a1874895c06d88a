a = [for v a : v]
