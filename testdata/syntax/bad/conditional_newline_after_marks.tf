a = a ?
b :
c
