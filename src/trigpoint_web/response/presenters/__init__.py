"""What the pages of response show, worked out from what queries gave."""
