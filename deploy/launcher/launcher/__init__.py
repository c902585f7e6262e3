"""The launcher: real Kafka and PostgreSQL from Python packages, and the services on them."""
