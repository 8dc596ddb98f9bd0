"""Departments: a tree, with users in it."""
