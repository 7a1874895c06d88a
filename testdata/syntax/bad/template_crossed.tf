a = "%{ if a }%{ for v in b }%{ endif }%{ endfor }"
