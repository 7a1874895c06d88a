a = a.b-c
