"""The modelling language of this project: how models are written down, read and printed."""
