"""Recordings: what was recorded, said, shared, seen, uploaded."""
