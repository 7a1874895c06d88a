a = f(a..)
