"""What a network is worth, beyond one number: whom it reads, what it bears, how sure it may be, what it refuses.

`material` gathers what there is to read, `measure` reads it, `page` writes it down.
"""
