"""Audits of single experiments: their own tables, sentences and claims."""
