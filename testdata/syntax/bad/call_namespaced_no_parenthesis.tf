a = core::max
