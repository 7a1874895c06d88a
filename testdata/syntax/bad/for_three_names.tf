a = [for a, b, c in d : a]
