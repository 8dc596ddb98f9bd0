"""The pure part: build, check, encode, sign, decode, map errors. Nothing here does I/O or knows the time."""
