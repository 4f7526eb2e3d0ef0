"""Speed, as ratios within one run; `python -m bench [NAME...]` prints a table for each question."""
