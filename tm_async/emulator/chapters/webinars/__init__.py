"""Webinars: meetings of their own kind, with what meetings have not."""
