"""Speed of tm_async as ratios to its peers, measured in one run. See README.md beside this file."""
