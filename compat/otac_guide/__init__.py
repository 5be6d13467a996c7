"""The modules that Open Ticket AI's Prefect guide imports, as names of otac's."""
