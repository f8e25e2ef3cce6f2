"""Readers of what comes in: a page, a feed, a CMS hook, pasted text or article JSON becomes an Article.

Input that cannot become an Article raises a `Refusal` with one clear sentence. No input raises another error.
"""
