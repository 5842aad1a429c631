//! The command line of the API `minimo`: a command per operation, credentials from the environment.

fn main() -> std::process::ExitCode {
    specmint::minimo::cli::main()
}
