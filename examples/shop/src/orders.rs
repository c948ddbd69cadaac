//! The orders service: asks the users service who may order.

use anywire::{CallError, Context, Failure, Timestamp};
use tokio::sync::Mutex;

use crate::contracts::{
    orders::{
        GetOrderRequest, Order, OrderError, OrderId, OrderStatus, Orders, PingRequest,
        PlaceOrderRequest,
    },
    users::{UserError, UsersClient},
};

/// Orders in memory, in the order of their numbers.
#[derive(Debug)]
pub struct OrdersService {
    orders: Mutex<Vec<Order>>,
    users: UsersClient,
}

impl OrdersService {
    /// A service without orders.
    pub fn new(users: UsersClient) -> Self {
        Self {
            orders: Mutex::default(),
            users,
        }
    }
}

impl Orders for OrdersService {
    async fn place_order(
        &self,
        cx: &Context,
        PlaceOrderRequest {
            user_id,
            item,
            quantity,
        }: PlaceOrderRequest,
    ) -> Result<Order, Failure<OrderError>> {
        // `within` hands on how long our own caller still waits.
        match self.users.get_user(user_id).within(cx).await {
            Ok(_) => {}
            Err(CallError::Service(UserError::NotFound { .. })) => {
                return Err(OrderError::UnknownUser { user_id }.into());
            }
            // Whatever else went wrong is logged here, and hidden from our caller.
            Err(error) => return Err(error.into()),
        }

        let mut orders = self.orders.lock().await;
        let id = orders.last().map_or(1, |last| last.id.0 + 1);
        let order = Order {
            id: OrderId(id),
            user_id,
            item,
            quantity,
            status: OrderStatus::Placed,
            placed_at: Timestamp::now(),
        };
        orders.push(order.clone());
        Ok(order)
    }

    async fn get_order(
        &self,
        _: &Context,
        GetOrderRequest { id }: GetOrderRequest,
    ) -> Result<Order, Failure<OrderError>> {
        let orders = self.orders.lock().await;
        let order = orders.iter().find(|order| order.id == id);
        Ok(order.cloned().ok_or(OrderError::NotFound { id })?)
    }

    async fn ping(&self, _: &Context, _: PingRequest) -> Result<(), Failure> {
        Ok(())
    }
}
