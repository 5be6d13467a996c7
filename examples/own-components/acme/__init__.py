"""Components of your own, as the configuration beside this package uses them."""
