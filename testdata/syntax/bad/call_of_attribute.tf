a = a.f(1)
