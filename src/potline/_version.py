"""The version of Potline, in one place."""

__version__ = "0.1.0"
