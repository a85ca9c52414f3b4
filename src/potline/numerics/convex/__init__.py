"""Convex programs: the program, solvers, graphs and flows."""
