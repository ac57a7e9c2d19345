"""The runs desk: what is due, prepare a run, sign it, send it, and everything that may be done with it."""
