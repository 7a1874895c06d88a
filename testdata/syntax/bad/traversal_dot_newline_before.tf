a = a
.b
