"""Ways in: a page, a feed, a CMS hook, pasted text or the article itself becomes an Article.

What cannot become one is a `Refusal` with one clear sentence; no input raises anything else.
"""
