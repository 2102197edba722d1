# A secure server.
secure_server
