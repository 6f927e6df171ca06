"""What pages show, worked out from what queries gave: words, links and drawings, and no reading of tables."""
