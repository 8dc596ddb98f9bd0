"""What members may use: starting meetings, large meetings, virtual rooms."""
