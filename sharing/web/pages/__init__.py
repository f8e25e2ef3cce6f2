"""The pages for staff: Django templates and htmx, no build step. Every form also works without JavaScript."""
