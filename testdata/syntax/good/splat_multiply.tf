a = a.* * b
