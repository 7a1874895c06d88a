a = "%{ if a }b%{ elseif c }d%{ endif }"
