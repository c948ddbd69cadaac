#![contract(package = "acme.users.v1")]

pub struct Node {
    pub next: Box<Node>,
}
