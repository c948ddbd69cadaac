//! Where checks of one-way messages, and of events that may be lost, take place.

use std::{net::SocketAddr, sync::Arc};

use anywire::{AnyTransport, Bound, BoxError, BoxFuture, CarriedBy, Running};

use super::{Erased, address, start};
use crate::{
    Fixture, Heard, Profile,
    conformance::{Announced, AnnouncedSubscriber, ChecksPublisher, NotesClient, NotesServer},
};

/// Where things are sent one way.
pub(crate) struct Announcing(Arc<dyn Announces>);

/// Who sends them, over one connection.
pub(crate) struct Announcers {
    pub(crate) notes: NotesClient,
    pub(crate) publisher: ChecksPublisher,
}

impl Announcing {
    pub(crate) fn notes(&self, heard: &Heard) -> Bound {
        self.0.notes(heard.clone())
    }

    pub(crate) fn announced(&self, heard: &Heard, group: Option<&str>) -> Bound {
        self.0.announced(heard.clone(), group)
    }

    /// An app of these parts, and clients whose messages and events reach it.
    pub(crate) async fn serve(
        &self,
        parts: impl IntoIterator<Item = Bound>,
    ) -> (Running, Announcers) {
        let running = start(parts).await;
        let client = self.0.connect(address(&running)).await;
        let client = client.expect("a client can connect");
        let clients = Announcers {
            notes: NotesClient::new(client.clone()),
            publisher: ChecksPublisher::new(client),
        };
        (running, clients)
    }
}

pub(super) trait Announces: Send + Sync {
    fn notes(&self, heard: Heard) -> Bound;
    fn announced(&self, heard: Heard, group: Option<&str>) -> Bound;
    fn connect(&self, address: Option<SocketAddr>) -> BoxFuture<Result<AnyTransport, BoxError>>;
}

pub(crate) fn announcing<F: Fixture>(fixture: Arc<Erased<F>>) -> Announcing
where
    NotesServer<Heard>: CarriedBy<Profile<F>>,
    Announced: CarriedBy<Profile<F>>,
{
    Announcing(fixture)
}

impl<F: Fixture> Announces for Erased<F>
where
    NotesServer<Heard>: CarriedBy<Profile<F>>,
    Announced: CarriedBy<Profile<F>>,
{
    fn notes(&self, heard: Heard) -> Bound {
        NotesServer::new(heard).on(self.0.listener())
    }

    fn announced(&self, heard: Heard, group: Option<&str>) -> Bound {
        let subscriber = AnnouncedSubscriber::new(heard);
        match group {
            Some(group) => subscriber.group(group).on(self.0.listener()),
            None => subscriber.on(self.0.listener()),
        }
    }

    fn connect(&self, address: Option<SocketAddr>) -> BoxFuture<Result<AnyTransport, BoxError>> {
        self.any(address)
    }
}
