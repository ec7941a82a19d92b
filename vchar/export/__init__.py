"""Files that leave the studio; each carries its recipe, its licence and a machine-readable AI mark."""
