"""Has nothing to do with the plugin of this name."""
