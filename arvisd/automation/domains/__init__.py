"""Triggers and conditions of one domain each, `light.turned_on`, `door.is_open`: tables, and the code that reads them."""
