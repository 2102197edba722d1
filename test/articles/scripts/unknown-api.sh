# The server has no API with the id that is called.
