"""Areas and entities, and the actions that control them."""
