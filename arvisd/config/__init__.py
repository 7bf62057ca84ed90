"""From a folder of YAML to validated settings that remember where they were written."""

from arvisd.config.document import Broken
from arvisd.config.loader import Loaded, load
from arvisd.config.nodes import (
    NOWHERE,
    Input,
    Mark,
    NodeDict,
    NodeList,
    key_mark_of,
    mark_at,
    mark_of,
    plain,
    secret_of,
)
from arvisd.config.pieces import Pieces
from arvisd.config.problems import ConfigError, Problem, did_you_mean, error, errors_in, warning

__all__ = [
    "NOWHERE",
    "Broken",
    "ConfigError",
    "Input",
    "Loaded",
    "Mark",
    "NodeDict",
    "NodeList",
    "Pieces",
    "Problem",
    "did_you_mean",
    "error",
    "errors_in",
    "key_mark_of",
    "load",
    "mark_at",
    "mark_of",
    "plain",
    "secret_of",
    "warning",
]
