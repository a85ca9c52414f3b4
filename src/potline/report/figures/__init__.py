"""Figures: each function takes a typed result and returns a figure with the sentence it supports."""
