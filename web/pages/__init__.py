"""The pages, one blueprint a file: a request, one question to the review, a template."""
