a {
 b = 1
