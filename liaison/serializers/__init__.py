"""What a machine may send: strict serializers that every package builds on."""
