a = (b ? <<A
x
A
 : c)
