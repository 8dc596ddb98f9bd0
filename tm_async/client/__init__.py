"""The client, and what becomes of one call of it."""
