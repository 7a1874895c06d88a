a = “a”
