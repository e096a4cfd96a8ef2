"""Recomputes the figures of Descent's reports from exported series, with NumPy and SciPy alone."""
