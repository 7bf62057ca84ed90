"""Names as ids are written: `Кухня, люстра` is `kukhnia_liustra`."""

from __future__ import annotations

import re
import unicodedata

_LATIN = "a,b,v,g,d,e,e,zh,z,i,i,k,l,m,n,o,p,r,s,t,u,f,kh,ts,ch,sh,shch,,y,,e,iu,ia,i,i,ie,g,u"
_CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў", _LATIN.split(","), strict=True))
"""How Russian, Ukrainian and Belarusian letters are written in ids."""


def slug(text: str, separator: str = "_") -> str:
    """Return a text as ids are written: small Latin letters, digits and `_`; empty where nothing of it can be."""
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in text.lower())
    latin = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", separator, latin.replace("'", "")).strip(separator)
