"""Device triggers, conditions and actions of Home Assistant, as far as they name an entity: what each stands for."""
