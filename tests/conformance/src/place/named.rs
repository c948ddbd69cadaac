//! Where checks of events with wildcards take place.

use std::{net::SocketAddr, sync::Arc};

use anywire::{AnyTransport, Bound, BoxError, BoxFuture, CarriedBy, Running};

use super::{Erased, address, start};
use crate::{
    Fixture, Heard, Profile,
    named::{
        AdminJoined, AdminJoinedSubscriber, Joined, JoinedSubscriber, LevelLeft,
        LevelLeftSubscriber, LevelReached, LevelReachedSubscriber, NamedPublisher,
    },
};

/// Where names of events hold values.
pub(crate) struct Naming(Arc<dyn NamesAnywhere>);

impl Naming {
    pub(crate) fn joined(&self, heard: &Heard, group: Option<&str>) -> Bound {
        self.0.joined(heard.clone(), group)
    }

    pub(crate) fn level_reached(&self, heard: &Heard) -> Bound {
        self.0.level_reached(heard.clone())
    }

    /// Subscribers of the events that only look alike.
    pub(crate) fn similar(&self, heard: &Heard) -> [Bound; 2] {
        self.0.similar(heard.clone())
    }

    /// An app of these parts, and a publisher whose events reach it.
    pub(crate) async fn serve(
        &self,
        parts: impl IntoIterator<Item = Bound>,
    ) -> (Running, NamedPublisher) {
        let running = start(parts).await;
        let client = self.0.connect(address(&running)).await;
        let publisher = NamedPublisher::new(client.expect("a publisher can connect"));
        (running, publisher)
    }
}

trait NamesAnywhere: Send + Sync {
    fn joined(&self, heard: Heard, group: Option<&str>) -> Bound;
    fn level_reached(&self, heard: Heard) -> Bound;
    fn similar(&self, heard: Heard) -> [Bound; 2];
    fn connect(&self, address: Option<SocketAddr>) -> BoxFuture<Result<AnyTransport, BoxError>>;
}

pub(crate) fn naming<F: Fixture>(fixture: Arc<Erased<F>>) -> Naming
where
    Joined: CarriedBy<Profile<F>>,
    LevelReached: CarriedBy<Profile<F>>,
    AdminJoined: CarriedBy<Profile<F>>,
    LevelLeft: CarriedBy<Profile<F>>,
{
    Naming(fixture)
}

impl<F: Fixture> NamesAnywhere for Erased<F>
where
    Joined: CarriedBy<Profile<F>>,
    LevelReached: CarriedBy<Profile<F>>,
    AdminJoined: CarriedBy<Profile<F>>,
    LevelLeft: CarriedBy<Profile<F>>,
{
    fn joined(&self, heard: Heard, group: Option<&str>) -> Bound {
        let subscriber = JoinedSubscriber::new(heard);
        match group {
            Some(group) => subscriber.group(group).on(self.0.listener()),
            None => subscriber.on(self.0.listener()),
        }
    }

    fn level_reached(&self, heard: Heard) -> Bound {
        LevelReachedSubscriber::new(heard).on(self.0.listener())
    }

    fn similar(&self, heard: Heard) -> [Bound; 2] {
        [
            AdminJoinedSubscriber::new(heard.clone()).on(self.0.listener()),
            LevelLeftSubscriber::new(heard).on(self.0.listener()),
        ]
    }

    fn connect(&self, address: Option<SocketAddr>) -> BoxFuture<Result<AnyTransport, BoxError>> {
        self.any(address)
    }
}
