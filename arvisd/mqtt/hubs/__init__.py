"""What hubs see of arvisd: one device, announced over MQTT as Home Assistant, openHAB and others read it."""
