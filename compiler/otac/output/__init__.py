"""Output -> changes on disk, or a comparison."""
