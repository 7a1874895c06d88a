a = "%{ for v in a }x%{ else }y%{ endfor }"
