a = null(1)
