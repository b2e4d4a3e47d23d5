"""Many tasks to many workers: processes or a cluster, a progress bar, and files that an ended run goes on from."""
