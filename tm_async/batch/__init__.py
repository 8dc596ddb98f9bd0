"""Many requests at once: bounded, ordered, one outcome each."""
