a = ~a
