"""The only package that uses Celery: the bell, the ticker, and the task that the bell starts."""
