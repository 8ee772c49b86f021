"""The briefing: from an assessment to a document, and from a document to a page."""
