"""The formal objects that plain words are translated into."""
