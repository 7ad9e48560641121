a: int = 1
b = 2
