#![contract(package = "acme.users.v1")]

// café
