a = a.(b)
