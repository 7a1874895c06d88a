a = a . b
