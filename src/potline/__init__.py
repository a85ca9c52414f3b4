"""Potline: who loses money, who stops, and whether producers will agree a joint cut."""
