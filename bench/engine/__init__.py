"""`make bench-engine`: how fast and how fair the delivery engine is, beside bare Celery and bare SQL."""
