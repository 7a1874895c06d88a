a = a | b
