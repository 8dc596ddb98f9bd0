"""What became of each row: counted, written, shown."""
