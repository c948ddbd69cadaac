//! One port, any number of services.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::net::TcpListener;

use crate::BoxError;

/// A port that the clones of a listener share, with all they serve on it: an `S`.
pub(super) struct Port<S>(Arc<tokio::sync::Mutex<Option<Bound<S>>>>);

/// A port once it is bound.
struct Bound<S> {
    address: SocketAddr,
    // Gone when nobody accepts on it any more; then the next one to be bound begins anew.
    services: Weak<Mutex<Arc<S>>>,
}

/// What to accept on for all clones, which is up to the first to be bound.
pub(super) struct Accepting<S> {
    pub(super) listener: TcpListener,
    pub(super) services: Services<S>,
}

/// What is served on a port now.
pub(super) struct Services<S>(Arc<Mutex<Arc<S>>>);

impl<S: Clone + Default> Port<S> {
    /// Binds the port, unless another clone has, and adds to what is served on it.
    ///
    /// # Errors
    /// When it cannot be bound, and those of `add`; then nothing has changed.
    pub(super) async fn bind(
        &self,
        address: &str,
        add: impl FnOnce(&mut S) -> Result<(), BoxError>,
    ) -> Result<(SocketAddr, Option<Accepting<S>>), BoxError> {
        // Held until it is bound, which two clones at once must not try.
        let mut bound = self.0.lock().await;
        if let Some((address, services)) = bound.as_ref().and_then(Bound::in_use) {
            let mut services = services.lock().unwrap_or_else(PoisonError::into_inner);
            let mut larger = S::clone(&services);
            add(&mut larger)?;
            // Replaced as a whole: whoever uses the old ones goes on with them.
            *services = Arc::new(larger);
            return Ok((address, None));
        }
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let mut services = S::default();
        add(&mut services)?;
        let services = Services(Arc::new(Mutex::new(Arc::new(services))));
        *bound = Some(Bound {
            address,
            services: Arc::downgrade(&services.0),
        });
        Ok((address, Some(Accepting { listener, services })))
    }
}

impl<S> Bound<S> {
    fn in_use(&self) -> Option<(SocketAddr, Arc<Mutex<Arc<S>>>)> {
        Some((self.address, self.services.upgrade()?))
    }
}

impl<S> Services<S> {
    pub(super) fn now(&self) -> Arc<S> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S> Clone for Port<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> Default for Port<S> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<S> Clone for Services<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
