"""What the operations of the chapter do."""
