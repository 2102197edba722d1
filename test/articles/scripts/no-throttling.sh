# What a test suite does to the control plane.
