"""Tables of models with their log densities written by hand."""
