//! The command line of the API `quo`: a command per operation, credentials from the environment.

fn main() -> std::process::ExitCode {
    specmint::quo::cli::main()
}
