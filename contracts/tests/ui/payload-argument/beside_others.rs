#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("math.sum")]
    fn sum(#[payload] numbers: Vec<i32>, start: i32) -> i64;
}
