"""Mistakes written by hand, by the part of the system in which somebody could make them."""
