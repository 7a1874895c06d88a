a = a[ * ].b
