"""The pages on which leads and budget holders decide claims."""
