a = [for v in a : v if b if c]
