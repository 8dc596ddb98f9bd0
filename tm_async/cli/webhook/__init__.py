"""`tm-async webhook`: receive the platform's events, play the platform, find out what is wrong between the two."""
