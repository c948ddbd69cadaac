//! The same service twice: from a contract for anywire, by hand for tonic.

fn main() {
    anywire_contracts::Build::new("contracts").run();

    let get_user = tonic_build::manual::Method::builder()
        .name("get_user")
        .route_name("GetUser")
        .input_type("crate::peer::tonic::GetUserRequest")
        .output_type("crate::peer::tonic::User")
        .codec_path("tonic_prost::ProstCodec")
        .build();
    let users = tonic_build::manual::Service::builder()
        .name("Users")
        .package("bench.v1")
        .method(get_user)
        .build();
    tonic_build::manual::Builder::new().compile(&[users]);
}
