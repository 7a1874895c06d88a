a = {for v in a : v}
