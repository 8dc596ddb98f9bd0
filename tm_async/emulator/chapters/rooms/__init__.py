"""Meeting rooms: their devices, who booked them, and calls into meetings."""
