a = a ? b : c
