"""The whole account: lists for administrators, and roles."""
