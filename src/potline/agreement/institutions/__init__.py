"""What each institution makes of the same meeting."""
