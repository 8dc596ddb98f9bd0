"""`tm-async call`: any documented operation, with a class or without."""
