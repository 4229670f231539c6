"""The grammar of the modelling language."""
