"""Mutations of a case folder, of overrides and of command lines, each repeatable by its number."""
