"""One market cleared: the sweep over steps, whole lines, smooth costs."""
