//! A service and its client.

use anywire::{App, CallError, Context, Failure, Tcp};

anywire::include_contracts!();

use greeter::{GreetError, GreetRequest, Greeter, GreeterClient, GreeterServer};

struct Hello;

impl Greeter for Hello {
    async fn greet(
        &self,
        _: &Context,
        GreetRequest { name }: GreetRequest,
    ) -> Result<String, Failure<GreetError>> {
        if name == "Mallory" {
            return Err(GreetError::NotWelcome { name }.into());
        }
        Ok(format!("Hello, {name}!"))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::new()
        .serve(GreeterServer::new(Hello).on(Tcp::listen("127.0.0.1:4000")))
        .start()
        .await?;

    let greeter = GreeterClient::new(Tcp::connect("127.0.0.1:4000").await?);
    println!("{}", greeter.greet("Ada").await?);
    if let Err(CallError::Service(GreetError::NotWelcome { name })) = greeter.greet("Mallory").await
    {
        println!("{name} is not welcome.");
    }

    Ok(app.stop().await?)
}
