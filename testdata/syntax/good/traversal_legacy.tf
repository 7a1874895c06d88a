a = a.0.b
