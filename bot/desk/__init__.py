"""Hand-over to people, and the desk where the staff answer."""
