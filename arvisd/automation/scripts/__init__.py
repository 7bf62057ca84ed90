"""Scripts: blocks of steps under a name, called by automations, by each other and by people."""
