"""Chooses espeak's voice for a language or a name."""

from __future__ import annotations

from collections.abc import Iterable

from arvisd.api import ProviderError

from .library import Voice

_PREFERRED = {"en": "en-us"}
"""Where the library's own first choice is not ours: its phonemes are those that the English tables know best."""


class VoiceBook:
    """The voices by name and by language."""

    def __init__(self, voices: Iterable[Voice], variants: frozenset[str] = frozenset()) -> None:
        self._variants = variants
        self._by_name = {voice.name: voice for voice in voices}
        ranked = sorted((rank, voice.name, code) for voice in self._by_name.values() for code, rank in voice.languages)
        self._by_language: dict[str, list[str]] = {}
        for _, name, code in ranked:
            self._by_language.setdefault(code.lower(), []).append(name)

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that is spoken, without region: `en`, `ru`."""
        return tuple(sorted({code.partition("-")[0] for code in self._by_language}))

    def names(self, language: str) -> list[str]:
        """Return the voices for a language, the one taken by default first."""
        code = language.lower()
        base = code.partition("-")[0]
        names = [*self._by_language.get(code, ()), *self._by_language.get(base, ())]
        names += [name for name in self._by_name if name.partition("-")[0] == base]
        if code in _PREFERRED and _PREFERRED[code] in names:
            names.insert(0, _PREFERRED[code])
        return list(dict.fromkeys(names))

    def identifier(self, name: str) -> str:
        """Return the library's identifier for a name such as `en-us`, `en-gb` or `ru+f2`.

        Raises:
            ProviderError: there is no such voice or variant; the text names those that are.
        """
        base, plus, variant = name.partition("+")
        if plus and variant not in self._variants:
            raise ProviderError(f"espeak-ng has no variant {variant!r}; it has {', '.join(sorted(self._variants))}")
        voice = self._by_name.get(base.lower())
        if voice is None:
            listed = self._by_language.get(base.lower())
            if not listed:
                near = ", ".join(self.names(base.partition("-")[0])) or ", ".join(self.languages)
                raise ProviderError(f"espeak-ng has no voice {base!r}; it has {near}")
            voice = self._by_name[listed[0]]
        return voice.identifier + plus + variant

    def for_language(self, language: str) -> str:
        """Return the identifier of the default voice of a language.

        Raises:
            ProviderError: espeak-ng does not speak it.
        """
        names = self.names(language)
        if not names:
            raise ProviderError(f"espeak-ng does not speak {language!r}; it speaks {', '.join(self.languages)}")
        return self._by_name[names[0]].identifier
