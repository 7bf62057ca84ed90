"""Finds models on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from arvisd.providers.models.catalogue import Catalogue, Model, load_catalogue


class ModelFinder:
    """Looks in each folder for the model's own, by its id or another name it goes by."""

    def __init__(self, folders: Iterable[Path | str], data_folder: Path, catalogue: Catalogue | None = None) -> None:
        """Take where to look.

        Args:
            folders: `models: path:`, searched first and in this order; `~` is the home folder.
            data_folder: of the daemon; its `models` is searched last, and is where `pull` puts what it fetches.
            catalogue: None: the one that comes with arvisd.
        """
        self.catalogue = load_catalogue() if catalogue is None else catalogue
        self.target = data_folder / "models"
        """Where downloaded models go."""
        self.folders = (*(Path(folder).expanduser() for folder in folders), self.target)

    def find(self, name: str) -> Path | None:
        """Return the folder of a model, or the main file of one whose files lie loose in a folder of the search path.

        None: it is nowhere whole, or the catalogue does not know it.
        """
        if name not in self.catalogue:
            return None
        model = self.catalogue[name]
        for folder in self.folders:
            for own in (model.id, *model.folders):
                if is_whole(model, folder / own):
                    return folder / own
            if model.kind == "piper" and is_whole(model, folder):
                return folder / model.needs[0]
        return None


def is_whole(model: Model, place: Path) -> bool:
    """Tell whether all that a model needs is in a folder."""
    return place.is_dir() and all((place / path).is_file() for path in model.needs)
