"""`./dev bench`: ratios in one run against named baselines. Never a timed test."""
