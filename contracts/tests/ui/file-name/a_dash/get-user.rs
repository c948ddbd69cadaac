#![contract(package = "acme.users.v1")]

