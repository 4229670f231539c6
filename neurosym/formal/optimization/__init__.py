"""Optimization models: the five elements, written out, certified, and in many formats."""
