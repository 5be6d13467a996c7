"""What `otac dev` shows in a terminal: a table of the runners that is always up to date."""
