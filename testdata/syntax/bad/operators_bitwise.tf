a = a & b
