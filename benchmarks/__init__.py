"""What Trigpoint costs and what it finds, measured side by side in one run: `python -m benchmarks --help`."""
