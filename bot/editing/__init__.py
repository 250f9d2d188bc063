"""The editor's tools: is every answer right, short, plain and sendable, and what does it look like?"""
