a = core::(1)
