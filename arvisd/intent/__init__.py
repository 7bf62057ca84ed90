"""From words to intents and answers, per language."""
