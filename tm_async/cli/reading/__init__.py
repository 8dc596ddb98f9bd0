"""Rows of a file become requests, or name everything that is wrong with them."""
