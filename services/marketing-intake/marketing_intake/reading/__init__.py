"""Reading: from bytes of any shape to drafts; pure but for pydantic, knows no database, no HTTP.

Doors and workers read; what is read is captured by a handler. What can't be read becomes a
`RefusedDraft` with its kind of failure, never an exception that loses the payload.
"""
