"""Files as agencies send them: layouts, cells, dirt, and the formats they come in."""
