"""A real Celery worker over a real broker: killed, doubled, left without messages, away for a week."""
