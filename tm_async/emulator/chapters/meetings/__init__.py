"""Meetings: their state and its rules, what the API does with them, and what a test does in place of people."""
