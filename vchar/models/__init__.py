"""Networks and their configurations; they import torch and nothing else."""
