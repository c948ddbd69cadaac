#![contract(package = "acme.users.v1")]

#![contract(package = "acme.other.v1")]
