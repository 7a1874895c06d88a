a = [for i, v in a : i if v]
