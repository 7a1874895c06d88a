a = a ! = b
