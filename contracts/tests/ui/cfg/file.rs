#![contract(package = "acme.users.v1")]

#![cfg(unix)]
