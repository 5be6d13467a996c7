"""The components, services and hooks that the cases name."""
