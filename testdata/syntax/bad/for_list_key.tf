a = [for v in a : v => 1]
