a: Annotated = 1
b = 2
