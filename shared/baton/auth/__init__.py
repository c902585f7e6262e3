"""Who is asking: API keys for tools, accounts and sessions for people.

The rules of this room: a secret is shown once and stored hashed; whoever asks has named scopes or
one role; every change is audited.
"""
