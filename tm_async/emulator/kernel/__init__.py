"""What all chapters have in common: requests taken apart and answers shaped by the catalogue, collections, refusals."""
