a = a
? b
: c
