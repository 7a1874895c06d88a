a = {for k, v in a : k => v}
