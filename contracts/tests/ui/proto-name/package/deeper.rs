#![contract(package = "acme.users.v1.roles", encodings(json, proto))]
