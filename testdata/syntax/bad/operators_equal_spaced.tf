a = a = = b
