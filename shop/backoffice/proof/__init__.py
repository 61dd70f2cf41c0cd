"""What the shop promises, tried in front of everybody: `make prove`."""
