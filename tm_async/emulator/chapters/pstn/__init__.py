"""Phones that are called into meetings."""
