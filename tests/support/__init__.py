"""What tests share: real infrastructure, fresh databases, and waiting for facts."""
