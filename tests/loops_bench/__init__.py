"""The loop builder against a careful greedy and an independent exact solver: `./run bench loops`."""
