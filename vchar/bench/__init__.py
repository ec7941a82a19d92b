"""`vchar bench`: the product's numbers, beside what one would use instead, in one run."""
