a = "%{ for i, v in a ~}${v}%{ endfor ~} "
