"""What the commands in this folder share."""
