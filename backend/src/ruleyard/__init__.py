"""Ruleyard: when a row changes, if a condition holds, then do things."""

__version__ = "0.1.0"
