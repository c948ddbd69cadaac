//! The crates that are compiled.

use std::{error::Error, fmt::Write as _, fs, path::Path};

use anywire_contracts::{Source, compile};

use crate::shape::Shape;

/// Writes the crate of one shape.
pub(crate) fn write(root: &Path, shape: Shape, operations: usize) -> Result<(), Box<dyn Error>> {
    let folder = root.join(shape.name());
    fs::create_dir_all(folder.join("src"))?;
    let source = Source::new("contracts/bench.rs", ["bench"], contract(shape, operations));
    let (contract, findings) = compile(&[source]);
    let contract = contract.ok_or_else(|| format!("{findings:?}"))?;
    let code = shape.apply(&contract.to_rust())?;
    let codec = match shape {
        Shape::Wire => include_str!("../templates/wire.rs"),
        Shape::Proto => include_str!("../templates/proto.rs"),
        Shape::Serde | Shape::Derive => include_str!("../templates/serde.rs"),
    };
    let main = include_str!("../templates/main.rs");
    fs::write(folder.join("src/lib.rs"), format!("{codec}\n{code}"))?;
    for set in contract.to_descriptor_sets() {
        fs::write(folder.join("src").join(set.name), set.bytes)?;
    }
    fs::write(
        folder.join("src/main.rs"),
        format!("{main}\n{}", service(operations)),
    )?;
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../runtime")
        .canonicalize()?;
    let manifest = include_str!("../templates/Cargo.txt")
        .replace("NAME", shape.name())
        .replace("RUNTIME", &runtime.display().to_string());
    fs::write(folder.join("Cargo.toml"), manifest)?;
    Ok(())
}

const FIELDS: &str = "id: u64, name: String, active: bool, score: f64, note: Option<String>";

/// Operations with a request and a reply of their own.
fn contract(shape: Shape, operations: usize) -> String {
    let encodings = match shape {
        Shape::Proto => ", encodings(json, proto)",
        _ => "",
    };
    let mut text = format!("#![contract(package = \"bench.v1\"{encodings})]\n");
    let fields = (1..).zip(FIELDS.split(", "));
    let fields: String = fields
        .map(|(number, field)| format!("#[n({number})] pub {field}, "))
        .collect();
    let mut service = String::from("#[service]\npub trait Bench {\n");
    for at in 0..operations {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "pub struct Reply{at} {{ {fields} }}");
        let _ = writeln!(
            service,
            "#[message({{ cmd: \"op{at}\" }})] fn op{at}({FIELDS}) -> Reply{at};"
        );
    }
    text + &service + "}\n"
}

/// A handler and a caller of every operation, so that a release build holds all of them.
fn service(operations: usize) -> String {
    let mut handler = String::from("impl bench::Bench for Handler {\n");
    let mut caller = String::from("async fn call_all(client: bench::BenchClient) {\n");
    for at in 0..operations {
        let _ = writeln!(
            handler,
            "async fn op{at}(&self, _: &Context, r: bench::Op{at}Request) -> Result<bench::Reply{at}, Failure> \
             {{ Ok(bench::Reply{at} {{ id: r.id, name: r.name, active: r.active, score: r.score, note: r.note }}) }}"
        );
        let _ = writeln!(caller, "let _ = client.op{at}(1, \"a\", true, 0.5).await;");
    }
    handler + "}\n" + &caller + "}\n"
}
