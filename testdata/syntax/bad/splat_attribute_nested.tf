a = a.*.b.*.c
