a = "%{ if a }b"
