"""The virtual character studio: `python app.py`."""

from vchar.studio import Studio
from vchar.ui.app import create_app, launch_options

if __name__ == "__main__":
    create_app(Studio.load()).launch(**launch_options())
