//! Arguments in, exit code out.

fn main() -> std::process::ExitCode {
    proofroom::cli::main()
}
