a = (
a
? b
: c
)
