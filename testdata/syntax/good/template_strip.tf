a = "a ${~ b ~} c"
