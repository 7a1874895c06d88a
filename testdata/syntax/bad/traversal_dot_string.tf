a = a."b"
