//! What users order.
#![contract(package = "shop.orders.v1", rename_all = "camelCase", encodings(json, proto))]

use crate::users::UserId;

/// An order of one item.
pub struct Order {
    /// The number that the service gave to the order.
    #[n(1)]
    pub id: OrderId,
    /// Who ordered.
    #[n(2)]
    pub user_id: UserId,
    /// What was ordered.
    #[n(3)]
    pub item: String,
    /// How many of it.
    #[n(4)]
    pub quantity: u32,
    /// How far the order has come.
    #[n(5)]
    pub status: OrderStatus,
    /// When it was placed.
    #[n(6)]
    pub placed_at: Timestamp,
}

/// The number of an order.
pub struct OrderId(pub u32);

/// How far an order has come. More will follow, so that it may grow.
#[non_exhaustive]
pub enum OrderStatus {
    /// It waits to be sent.
    Placed = 1,
    /// It is on its way.
    Shipped = 2,
}

/// Why there is no order in the answer.
pub enum OrderError {
    /// No order has this number.
    #[error(not_found, "there is no order {id}")]
    NotFound {
        #[n(1)]
        id: OrderId,
    } = 1,
    /// Who orders must be registered.
    #[error(not_found, "there is no user {user_id} who could order")]
    UnknownUser {
        #[n(1)]
        user_id: UserId,
    } = 2,
}

/// What is ordered.
#[service]
pub trait Orders {
    /// Places an order for a registered user.
    #[message({ cmd: "place_order" })]
    fn place_order(
        user_id: UserId,
        #[check(len = 1..=100)] item: String,
        #[default(1)] #[check(range = 1..=100)] quantity: u32,
    ) -> Result<Order, OrderError>;

    /// Finds an order.
    #[message({ cmd: "get_order" }, timeout = "2s", idempotent)]
    fn get_order(id: OrderId) -> Result<Order, OrderError>;

    /// Answers, to show that the service is there.
    #[message({ cmd: "ping_orders" }, timeout = "1s", idempotent)]
    fn ping();
}
