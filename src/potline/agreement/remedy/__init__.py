"""What would bring a deal about, and at what cost."""
