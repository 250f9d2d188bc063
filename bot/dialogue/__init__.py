"""The dialogue: typed state and pure functions `(state, turn, facts) -> (state, reply, command)`.

Nothing in here knows Rasa, HTTP or a database; `actions/` brings the turn in and carries the outcome out.
"""
