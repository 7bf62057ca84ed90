"""From a folder of YAML to validated settings that remember where they were written."""
