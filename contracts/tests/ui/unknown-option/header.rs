#![contract(package = "acme.users.v1", version = 1)]
