//! `google.rpc.Status`, which says more of an error than its code and text.

use prost::Message;
use prost_types::Any;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _, pb};

const PREFIX: &str = "type.googleapis.com/";

/// An error of that type and variant, with its code and fields.
pub(super) fn declared(
    (code, reason): (Code, &str),
    message: String,
    domain: &str,
    (variant, fields): (&str, &impl Message),
) -> Status {
    let info = ErrorDetails::with_error_info(reason, domain, []);
    let status = Status::with_error_details(code, message.as_str(), info);
    let mut details = pb::Status::decode(status.details()).expect("what was just written");
    details.details.push(Any {
        type_url: format!("{PREFIX}{domain}.{variant}"),
        value: fields.encode_to_vec(),
    });
    Status::with_details(code, message, details.encode_to_vec().into())
}

/// Asserts that an error is declared, and gives the fields of that variant.
pub(super) fn fields_of<T: Message + Default>(
    status: &Status,
    (code, reason): (Code, &str),
    domain: &str,
    variant: &str,
) -> T {
    assert_eq!(status.code(), code, "{status:?}");
    let info = status.get_details_error_info().expect("an ErrorInfo");
    assert_eq!((&*info.reason, &*info.domain), (reason, domain));
    let details = pb::Status::decode(status.details()).expect("details");
    assert_eq!(details.code, code as i32);
    assert_eq!(details.message, status.message());
    let url = format!("{PREFIX}{domain}.{variant}");
    let mut all = details.details.iter();
    let found = all.find(|detail| detail.type_url == url);
    T::decode(&*found.expect("the variant").value).expect("its fields")
}
