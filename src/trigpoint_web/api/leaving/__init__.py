"""What goes out to agencies' systems by itself: notices that a marker changed, and nightly files."""
