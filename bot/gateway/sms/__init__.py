"""Text messages: the same conversation from any phone."""
