"""Words the answers of one language: templates of arvisd, of Home Assistant and of the user, compiled once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from jinja2 import Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from arvisd.intent.sentences import Sentences
from arvisd.intent.wording import functions, sentence

_LOGGER = logging.getLogger(__name__)


class Responses:
    """The answers of one language."""

    def __init__(self, sentences: Sentences) -> None:
        self.language = sentences.language
        environment = ImmutableSandboxedEnvironment()
        for name, function in functions(sentences.language).items():
            environment.filters[name] = function
            environment.globals[name] = function
        environment.globals["phrases"] = dict(sentences.phrases)
        self._environment = environment
        self._texts = sentences.responses
        self._phrases = sentences.phrases
        self._compiled: dict[tuple[str, str], Template | None] = {}

    def compile(self, intents: list[str]) -> None:
        """Compile the answers of these intents and all phrases now; takes a while, so call it in a thread."""
        for intent in intents:
            for key in self._texts.get(intent, {}):
                self._template(intent, key)
        for key in self._phrases:
            self._template("", key)

    def answer(self, intent: str, key: str, variables: Mapping[str, Any]) -> str:
        """Return the answer to an intent; that of `default` where there is none of that key, else "done"."""
        template = self._template(intent, key) or self._template(intent, "default")
        return self.phrase("done", variables) if template is None else self._render(template, variables, "done")

    def phrase(self, key: str, variables: Mapping[str, Any] | None = None) -> str:
        """Return a phrase that belongs to no intent; of an unknown key, the one for what was not understood."""
        template = self._template("", key) or self._template("", "unrecognized")
        return self._render(template, variables or {}, "error") if template is not None else ""

    def has(self, key: str) -> bool:
        """Tell whether there is a phrase of that key."""
        return key in self._phrases

    def _template(self, intent: str, key: str) -> Template | None:
        if (intent, key) not in self._compiled:
            text = self._texts.get(intent, {}).get(key) if intent else self._phrases.get(key)
            try:
                made = self._environment.from_string(text) if isinstance(text, str) else None
            except TemplateError as error:
                _LOGGER.warning("the answer %s of %s cannot be read: %s", key, intent, error)
                made = None
            self._compiled[intent, key] = made
        return self._compiled[intent, key]

    def _render(self, template: Template, variables: Mapping[str, Any], instead: str) -> str:
        """Return what a template gives; a plain phrase in its stead where a user's template fails."""
        try:
            return sentence(template.render(variables))
        except (TemplateError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
            _LOGGER.warning("an answer cannot be worded: %s", error)
            plain = self._template("", instead)
            return sentence(plain.render()) if plain is not None and plain is not template else ""
