"""Lists kept by voice: the shopping list and further ones, as entities `todo.<name>`."""
