"""The words that services say to each other: events, topics, envelopes; no behaviour.

Everything here is pydantic or the standard library. `vocabulary` is the standard library alone,
so that a service's domain may use it.
"""
