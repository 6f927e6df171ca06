"""How pages look: components, the page's frame, forms, drafts. Knows nothing of children or cases."""
