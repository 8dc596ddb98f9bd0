"""Pages inside the client: tickets for their scripts, and codes of those who look at them."""
