"""The dialects that formulas and theories are written in, all to the same syntax."""
