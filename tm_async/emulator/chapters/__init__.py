"""What the operations do, a module or a folder for each chapter of the catalogue; `index` has them all."""
