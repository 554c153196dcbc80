"""Whether two programs are the same model: log densities, gradients and draws compared."""
