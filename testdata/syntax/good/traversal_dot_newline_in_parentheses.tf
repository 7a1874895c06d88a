a = (a
.b)
