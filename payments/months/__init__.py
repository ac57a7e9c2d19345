"""The pages on which months are closed and reopened, and money that came in is posted."""
