"""The formal languages by name, those of theories and those of models."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Target"]


class Target(StrEnum):
    """Every language that a formal object can be read from or written in."""

    FOL = "fol"
    NLTK = "nltk"
    TPTP = "tptp"
    SMTLIB = "smtlib"
    LEAN = "lean"
    LATEX = "latex"
    RULES = "rules"
    CSP = "csp"
    PUZZLE = "puzzle"
    MODEL = "model"
    JSON = "json"
    LP = "lp"
    MPS = "mps"
    PULP = "pulp"
    WORDS = "words"
