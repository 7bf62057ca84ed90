"""Runs Home Assistant's core with MQTT and automations alone: started by the Python it is installed for, not by ours."""

import sys


def main(folder: str) -> int:
    """Run until it is stopped; the rest of what it starts by itself needs packages that only its own images have."""
    from homeassistant import bootstrap, runner

    bootstrap.DEFAULT_INTEGRATIONS = {"automation"}
    bootstrap.CRITICAL_INTEGRATIONS = set()
    return int(runner.run(runner.RuntimeConfig(config_dir=folder, skip_pip=True)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
