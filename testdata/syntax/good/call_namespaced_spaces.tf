a = core :: max(1)
