//! Orders, as JSON and as protobuf.
#![contract(package = "acme.orders.v1", rename_all = "camelCase", encodings(json, proto))]

use crate::prices::{Currency, Price};

/// An order.
#[reserved(2, 7, "note")]
pub struct Order {
    #[n(1)]
    pub id: OrderId,
    #[n(3)]
    pub lines: Vec<Line>,
    #[n(4)]
    #[default(Open)]
    pub state: State,
    #[n(5)]
    pub paid_by: Option<Payment>,
    #[n(6)]
    pub parent: Option<Box<Order>>,
    #[n(8)]
    #[default]
    pub labels: BTreeMap<String, Price>,
}

pub struct OrderId(pub Uuid);

pub struct Line {
    #[n(1)]
    pub price: Price,
    #[n(2)]
    #[default(1)]
    pub count: u32,
}

#[non_exhaustive]
#[reserved(3)]
pub enum State {
    Open = 1,
    Closed = 2,
}

pub enum Payment {
    Card {
        #[n(1)]
        last4: String,
    } = 1,
    Cash = 2,
}

pub enum OrderError {
    #[error(not_found, "no order {id}")]
    NotFound {
        #[n(1)]
        id: OrderId,
    } = 1,
    #[error(unavailable, "closed")]
    Closed = 2,
}

#[service]
pub trait Orders {
    #[message({ cmd: "get_order" }, topic = "orders.get", grpc = "OrderDesk/Get")]
    fn get_order(id: OrderId, currency: Currency) -> Result<Order, OrderError>;
    #[message("orders.find")]
    fn find(#[n(2)] text: String, #[n(1)] limit: Option<u32>) -> Vec<Order>;
    #[message("orders.total")]
    fn total(#[payload] ids: Vec<OrderId>) -> Price;
    #[message("orders.add")]
    fn add(#[payload] order: Order);
    #[event("orders.added", topic = "orders-added")]
    fn order_added(#[payload] id: OrderId);
}
