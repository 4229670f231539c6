"""Translators turn plain words into prompts and completions into formal objects; one file each."""
