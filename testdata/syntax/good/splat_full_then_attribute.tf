a = a[*].b.*.c
