//! Where checks of stored events take place.

use std::{net::SocketAddr, sync::Arc};

use anywire::{AtLeastOnce, Bound, BoxError, BoxFuture, Call, CarriedBy, KeyOrder, Running};

use super::{Erased, address, start};
use crate::{
    Fixture, Heard, Profile,
    conformance::{ChecksPublisher, Ordered, OrderedSubscriber, Stored, StoredSubscriber},
};

/// Where events must not be lost.
pub(crate) struct Storing(Arc<dyn StoresAnywhere>);

/// Publishes an event that must not be lost.
pub(crate) type Store = Box<dyn Fn(&str) -> Call<Stored> + Send + Sync>;

impl Storing {
    pub(crate) fn stored(&self, heard: &Heard, group: Option<&str>) -> Bound {
        self.0.stored(heard.clone(), group)
    }

    /// An app of these parts, and a publisher whose events reach it.
    pub(crate) async fn serve(&self, parts: impl IntoIterator<Item = Bound>) -> (Running, Store) {
        let running = start(parts).await;
        let publisher = self.0.publisher(address(&running)).await;
        (running, publisher.expect("a publisher can connect"))
    }
}

trait StoresAnywhere: Send + Sync {
    fn stored(&self, heard: Heard, group: Option<&str>) -> Bound;
    fn publisher(&self, address: Option<SocketAddr>) -> BoxFuture<Result<Store, BoxError>>;
}

pub(crate) fn storing<F: Fixture>(fixture: Arc<Erased<F>>) -> Storing
where
    Stored: CarriedBy<Profile<F>>,
    F::Client: AtLeastOnce<Stored>,
{
    Storing(fixture)
}

impl<F: Fixture> StoresAnywhere for Erased<F>
where
    Stored: CarriedBy<Profile<F>>,
    F::Client: AtLeastOnce<Stored>,
{
    fn stored(&self, heard: Heard, group: Option<&str>) -> Bound {
        let subscriber = StoredSubscriber::new(heard);
        match group {
            Some(group) => subscriber.group(group).on(self.0.listener()),
            None => subscriber.on(self.0.listener()),
        }
    }

    fn publisher(&self, address: Option<SocketAddr>) -> BoxFuture<Result<Store, BoxError>> {
        let fixture = Arc::clone(&self.0);
        Box::pin(async move {
            let publisher = ChecksPublisher::new(fixture.connect(address).await?);
            Ok(Box::new(move |text: &str| publisher.stored(text)) as Store)
        })
    }
}

/// Where events keep the order of their keys.
pub(crate) struct Ordering(Arc<dyn OrdersAnywhere>);

/// Publishes an event of that key.
pub(crate) type StoreInOrder = Box<dyn Fn(&str, u32) -> Call<Ordered> + Send + Sync>;

impl Ordering {
    /// An app that hears the events, and a publisher whose events reach it.
    pub(crate) async fn serve(&self, heard: &Heard) -> (Running, StoreInOrder) {
        let running = start([self.0.ordered(heard.clone())]).await;
        let publisher = self.0.publisher(address(&running)).await;
        (running, publisher.expect("a publisher can connect"))
    }
}

trait OrdersAnywhere: Send + Sync {
    fn ordered(&self, heard: Heard) -> Bound;
    fn publisher(&self, address: Option<SocketAddr>) -> BoxFuture<Result<StoreInOrder, BoxError>>;
}

pub(crate) fn ordering<F: Fixture>(fixture: Arc<Erased<F>>) -> Ordering
where
    Ordered: CarriedBy<Profile<F>>,
    F::Client: KeyOrder<Ordered>,
{
    Ordering(fixture)
}

impl<F: Fixture> OrdersAnywhere for Erased<F>
where
    Ordered: CarriedBy<Profile<F>>,
    F::Client: KeyOrder<Ordered>,
{
    fn ordered(&self, heard: Heard) -> Bound {
        OrderedSubscriber::new(heard).on(self.0.listener())
    }

    fn publisher(&self, address: Option<SocketAddr>) -> BoxFuture<Result<StoreInOrder, BoxError>> {
        let fixture = Arc::clone(&self.0);
        Box::pin(async move {
            let publisher = ChecksPublisher::new(fixture.connect(address).await?);
            Ok(Box::new(move |key: &str, number| publisher.ordered(key, number)) as StoreInOrder)
        })
    }
}
