//! Arguments in, exit code out.

/// A page is made of many small texts: this allocator takes a third of the
/// time off that the system's needs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    proofroom::cli::main()
}
