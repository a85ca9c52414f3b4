"""Answers stay what they were: all outputs of all cases beside another tree's, and beside the values stored here.

``make unchanged-beside OLD=TREE`` compares two trees (a folder with ``src``, a wheel, or a commit) to the byte on one
machine. ``make unchanged`` compares with what is stored: words and order equal, numbers within 1e-9 relative. What was
first stored is the base: of the first version, 482483e, many answers have been put right since (``docs/decisions``).
``make unchanged-store WHY="..."`` stores today's outputs and lists in ``changed.csv`` what they were, what they are and
why. ``docs/decisions/renamed.csv`` says which names of columns and keys changed since the first version: beside another
tree the old are read as the new ones; what is stored bears today's names.
"""
