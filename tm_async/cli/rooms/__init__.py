"""The command `rooms`: meeting rooms and the devices in them."""
