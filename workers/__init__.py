"""Celery lives here and nowhere else: the bell, the ticker and the tasks they ring."""
