//! Arguments in, exit code out.

/// A page is made of many small texts: this allocator takes a third of the
/// time off that the system's needs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // The system clears a huge page as a whole, and most of what is allocated is used
    // for a moment: without them, a build takes half the memory in the same time.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    proofroom::cli::main()
}
