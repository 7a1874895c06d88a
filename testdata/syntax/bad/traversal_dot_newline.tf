a = a.
b
