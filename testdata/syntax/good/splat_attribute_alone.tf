a = a.*
