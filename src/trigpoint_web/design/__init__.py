"""How pages look: components, the page's frame, forms."""
