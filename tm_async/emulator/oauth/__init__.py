"""Third-party apps: the page where users allow them in, their tokens, and calls made with those.

Written from doc 1095/51257, 85377 and 73364 and the 2021 and 2023 editions of the OAuth pages.
"""
