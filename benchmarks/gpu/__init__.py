"""A measurement for machines with a GPU, in one script that needs no network."""
