a = (a).b
