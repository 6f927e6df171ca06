"""Settings of the web application: `base` for all, then `demo`, `production` or `testing` on top of it."""
