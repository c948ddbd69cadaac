#![contract(package = "acme.users.v1", encodings(json, proto, proto))]
