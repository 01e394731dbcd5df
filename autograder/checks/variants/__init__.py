"""Right answers that are written differently from the reference, one module a week."""
