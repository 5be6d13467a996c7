"""Labels by what words mean: vectors, what they say of a text, how far to trust it."""
