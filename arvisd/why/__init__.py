"""Answers why an entity is as it is: by which action of which run or turn, and what that came from."""
