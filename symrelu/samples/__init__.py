"""Training losses on finite samples: their limits, their minima, and other laws of inputs."""
