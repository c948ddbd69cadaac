#![contract(rename_all = "camelCase")]

pub struct User {}
