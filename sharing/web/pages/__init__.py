"""The staff desk: Django templates and htmx, no build step; every form also works without JavaScript."""
