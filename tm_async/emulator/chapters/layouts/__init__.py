"""How meetings look: layouts, those of devices, and backgrounds."""
