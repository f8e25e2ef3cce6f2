"""The rows. What a row holds is the truth; Celery only rings the bell."""
