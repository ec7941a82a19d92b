"""A small renderer: pictures of meshes by numpy and numba, on one thread, without any graphics system."""
