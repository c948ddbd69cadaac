#![contract(package = "acme.users.v1", encodings(proto))]
