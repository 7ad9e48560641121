import a
# --8<-- [start:outer]
outer = 1
# --8<-- [start:one]
if a:
    one = 1
# --8<-- [end:one]
    # --8<-- [start:two]
    two = 2
    # --8<-- [end:two]
outer = 2
# --8<-- [end:outer]
last = 1
