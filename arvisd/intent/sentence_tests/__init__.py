"""Tests of sentences, in the two layouts of home-assistant-intents: what was said, what it must mean, the answer."""
