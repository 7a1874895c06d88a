a = a.1e5
