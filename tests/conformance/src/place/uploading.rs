//! Where checks of uploads take place.

use std::{net::SocketAddr, pin::Pin, sync::Arc};

use anywire::{
    Bound, BoxError, BoxFuture, Call, CarriedBy, RequestReply, Running, Stream, StreamingCall,
    StreamsBoth, StreamsRequests,
};

use super::{Erased, address, start};
use crate::{
    Fixture, Profile, Uploaders,
    streaming::{Item, UnloadingClient, UploadingClient, UploadingServer, op},
};

/// Where services take streams.
pub(crate) struct Uploads(Arc<dyn UploadsAnywhere>);

/// What is uploaded.
pub(crate) type Items = Pin<Box<dyn Stream<Item = Item> + Send>>;

type Upload<Op> = Box<dyn Fn(Items) -> Call<Op> + Send + Sync>;

/// A client whose transport's type is forgotten, which no generated client can
/// forget: not every transport takes streams.
pub(crate) struct Uploader {
    pub(crate) sum: Upload<op::Sum>,
    pub(crate) three: Upload<op::Three>,
    pub(crate) tenant: Upload<op::Tenant>,
    pub(crate) echo: Box<dyn Fn(Items) -> StreamingCall<op::Echo> + Send + Sync>,
    pub(crate) beside: Box<dyn Fn(u32) -> Call<op::Beside> + Send + Sync>,
    /// Nobody serves it.
    pub(crate) unload: Upload<op::Unload>,
}

impl Uploads {
    /// An app that takes streams, and a client of it.
    pub(crate) async fn serve(&self, uploaders: &Uploaders) -> (Running, Uploader) {
        let running = start([self.0.uploading(uploaders.clone())]).await;
        let client = self.0.uploader(address(&running)).await;
        (running, client.expect("a client can connect"))
    }
}

trait UploadsAnywhere: Send + Sync {
    fn uploading(&self, uploaders: Uploaders) -> Bound;
    fn uploader(&self, address: Option<SocketAddr>) -> BoxFuture<Result<Uploader, BoxError>>;
}

/// A client's side that takes streams for requests.
pub trait TakesStreams:
    RequestReply<op::Beside>
    + StreamsRequests<op::Sum>
    + StreamsRequests<op::Three>
    + StreamsRequests<op::Tenant>
    + StreamsRequests<op::Unload>
    + StreamsBoth<op::Echo>
{
}

impl<T> TakesStreams for T where
    T: RequestReply<op::Beside>
        + StreamsRequests<op::Sum>
        + StreamsRequests<op::Three>
        + StreamsRequests<op::Tenant>
        + StreamsRequests<op::Unload>
        + StreamsBoth<op::Echo>
{
}

pub(crate) fn uploading<F: Fixture>(fixture: Arc<Erased<F>>) -> Uploads
where
    UploadingServer<Uploaders>: CarriedBy<Profile<F>>,
    F::Client: TakesStreams,
{
    Uploads(fixture)
}

impl<F: Fixture> UploadsAnywhere for Erased<F>
where
    UploadingServer<Uploaders>: CarriedBy<Profile<F>>,
    F::Client: TakesStreams,
{
    fn uploading(&self, uploaders: Uploaders) -> Bound {
        UploadingServer::new(uploaders).on(self.0.listener())
    }

    fn uploader(&self, address: Option<SocketAddr>) -> BoxFuture<Result<Uploader, BoxError>> {
        let fixture = Arc::clone(&self.0);
        Box::pin(async move {
            let client = UploadingClient::new(fixture.connect(address).await?);
            let absent = UnloadingClient::new(fixture.connect(address).await?);
            let [sum, three, tenant, echo] = std::array::from_fn(|_| client.clone());
            Ok(Uploader {
                sum: Box::new(move |items| sum.sum(items)),
                three: Box::new(move |items| three.three(items)),
                tenant: Box::new(move |items| tenant.tenant(items)),
                echo: Box::new(move |items| echo.echo(items)),
                beside: Box::new(move |number| client.beside(number)),
                unload: Box::new(move |items| absent.unload(items)),
            })
        })
    }
}
