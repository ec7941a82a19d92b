"""The data factory and the readers of outside data sets."""
