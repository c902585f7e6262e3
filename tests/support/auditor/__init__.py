"""The auditor: judges a finished run from the outside.

It shares no code with what it judges: it reads Kafka and PostgreSQL by their own clients, knows
topics, tables and event types by their published names, and believes nothing that a service says
of itself.
"""
