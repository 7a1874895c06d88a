a = [for a in b : [for c in a : c]]
