"""vchar: the virtual character studio."""
