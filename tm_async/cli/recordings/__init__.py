"""The command `recordings`: which there are, and their files in a directory of one's own."""
