a = a[0
