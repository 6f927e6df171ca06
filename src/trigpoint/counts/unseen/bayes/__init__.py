"""Bayesian estimates: over decomposable graphs, with latent classes, and with thresholded interactions."""
