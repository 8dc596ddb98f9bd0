"""Polls in meetings, and their older form: what the API does with them, and what a test does in the place of people."""
