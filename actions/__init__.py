"""The action server: slots in, one step of the dialogue, at most one change, the answer out."""
