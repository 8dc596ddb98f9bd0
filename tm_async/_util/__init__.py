"""What any of the packages may use, and no user."""
