"""Documents that are shown in meetings."""
