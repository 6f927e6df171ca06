"""The scanner measured, and its learned phrases and calibration made. Positives are invented; benign text is real."""
