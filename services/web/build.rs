//! Rebuilds when the UI was built.

fn main() {
    println!("cargo::rerun-if-changed=ui/dist");
}
