"""The gateway itself: who is let in, what is disturbed on purpose, what is written down."""
