a = { # x
 a = 1 # y
 /* z */ b = 2 // w
}
