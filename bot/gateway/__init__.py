"""The one public door: keeps conversations, asks Rasa, answers members; the desk hangs on it."""
