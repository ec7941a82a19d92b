"""What `vchar bench face` measures."""

from vchar.bench import browser, faces, load, memory, model, startup
from vchar.bench.suite import Measurements

MEASUREMENTS: Measurements = {
    "model": model.measure,
    "browser": browser.measure,
    "startup": startup.measure,
    "memory": memory.measure,
    "load": load.measure,
    "faces": faces.measure,
}
