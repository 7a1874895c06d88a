a = [for v in a ? b : c : v ? d : e if f ? g : h]
