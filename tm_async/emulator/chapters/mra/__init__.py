"""MRA devices: what the API does with them, and what a test does in their place."""
