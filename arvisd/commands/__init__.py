"""The bodies of the commands, one file each; `arvisd.cli` knows their names and options."""
