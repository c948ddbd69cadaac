#![contract(package = "acme.users.v1")]

pub struct Page<T> {
    pub items: Vec<T>,
}
