"""The inside of a laboratory's host: what its first process is made of."""
