a = "%{ while a }%{ endwhile }"
