"""The web app: the only part of vchar that imports gradio."""
