a = 10k
