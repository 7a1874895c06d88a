a = a.for.if.null
