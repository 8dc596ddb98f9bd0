"""Extension apps of meetings."""
