"""Users: their life, their licences, their personal rooms."""
