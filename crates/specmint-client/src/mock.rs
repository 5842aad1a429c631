//! A server on loopback that plays an API in tests.
//!
//! A mock waits for a call as the client itself would make it: what it expects is written by the
//! same tables, so a value that is written otherwise is no match. Generated code gives every
//! operation an entry with the setters of its builder and an answer per documented status;
//! `server` speaks HTTP, `expected` compares, `answer` replies. This room knows nothing of types.

mod answer;
mod expected;
mod server;

pub use answer::{Mock, Times, When};
pub use expected::Request;
pub use server::Server;

/// The operations of a generated mock server: a method and its builder, and an answer per status.
/// A method that can't be called as the client's own has that behind it: `start_ = start`.
///
/// Used in a module that has a struct `Server` with the fields `inner` and `client`, beside the
/// modules `builder` and `types`.
#[doc(hidden)]
#[macro_export]
macro_rules! mock_operations {
    ($(
        $method:ident $(= $operation:ident)? $builder:ident { $($answers:tt)* }
    )*) => {
        #[allow(deprecated)]
        impl Server {$(
            $crate::mock_method! { $method [$($operation)? $method] $builder }
        )*}

        /// What is waited for, and what is answered: a type per operation.
        pub mod operation {
            // For `types`, which an API may lack.
            #[allow(unused_imports)]
            use super::super::*;

            $($crate::mock_operation! { [$($operation)? $method] $builder { $($answers)* } })*
        }
    };
}

/// The method of the server that mocks an operation.
#[doc(hidden)]
#[macro_export]
macro_rules! mock_method {
    ($method:ident [$operation:ident $($or:ident)?] $builder:ident) => {
        #[doc = ::std::concat!(
                            "Mocks [`Client::", ::std::stringify!($operation), "`](super::Client::",
                            ::std::stringify!($operation), ").",
                        )]
        pub fn $method(&self) -> operation::$builder<'_> {
            operation::$builder(self.inner.when(self.client.$operation().0), &self.client)
        }
    };
}

/// The mock of an operation: what is waited for, and how it is answered.
#[doc(hidden)]
#[macro_export]
macro_rules! mock_operation {
    ([$operation:ident $($or:ident)?] $builder:ident { $($answer:ident($($row:tt)*);)* }) => {
        #[doc = ::std::concat!(
            "A call of [`Client::", ::std::stringify!($operation),
            "`](super::super::Client::", ::std::stringify!($operation), "), and its answers.",
        )]
        #[derive(Debug)]
        #[must_use = "a mock does nothing until it has an answer"]
        pub struct $builder<'a>(
            pub(super) $crate::mock::When<super::super::Api>,
            pub(super) &'a super::super::Client,
        );

        impl<'a> $builder<'a> {
            /// Waits for a call with these values; those that are not set may be any.
            #[allow(deprecated)]
            #[track_caller]
            pub fn when(
                self,
                set: impl ::std::ops::FnOnce(
                    super::super::builder::$builder<'a>,
                ) -> super::super::builder::$builder<'a>,
            ) -> Self {
                let call = set(self.1.$operation());
                Self(self.0.call(call.0), self.1)
            }

            /// Waits for a request that this is true of, too.
            pub fn matching(
                self,
                is_right: impl ::std::ops::Fn(&$crate::mock::Request) -> bool
                    + ::std::marker::Send + ::std::marker::Sync + 'static,
            ) -> Self {
                Self(self.0.matching(is_right), self.1)
            }

            $($crate::mock_answer! { $answer $($row)* })*

            /// Answers with something that isn't documented.
            pub fn other(
                self,
                status: u16,
                media_type: &str,
                body: impl ::std::convert::Into<$crate::Bytes>,
            ) -> $crate::mock::Mock {
                self.0.bytes(status, media_type, body.into())
            }
        }
    };
}

/// One answer of an operation; a status that isn't fixed by the documentation is an argument.
#[doc(hidden)]
#[macro_export]
macro_rules! mock_answer {
    ($answer:ident bytes any $media_type:literal) => {
        /// Answers with this status and body.
        pub fn $answer(
            self,
            status: u16,
            body: impl ::std::convert::Into<$crate::Bytes>,
        ) -> $crate::mock::Mock {
            self.0.bytes(status, $media_type, body.into())
        }
    };
    ($answer:ident bytes $status:literal $media_type:literal) => {
        #[doc = ::std::concat!("Answers with status ", $status, " and `", $media_type, "`.")]
        pub fn $answer(
            self,
            body: impl ::std::convert::Into<$crate::Bytes>,
        ) -> $crate::mock::Mock {
            self.0.bytes($status, $media_type, body.into())
        }
    };
    ($answer:ident empty any) => {
        /// Answers with this status and no body.
        pub fn $answer(self, status: u16) -> $crate::mock::Mock {
            self.0.empty(status)
        }
    };
    ($answer:ident empty $status:literal) => {
        #[doc = ::std::concat!("Answers with status ", $status, " and no body.")]
        pub fn $answer(self) -> $crate::mock::Mock {
            self.0.empty($status)
        }
    };
    ($answer:ident list $kind:ident [$type:ty] any $media_type:literal) => {
        /// Answers with this status and these items.
        #[track_caller]
        pub fn $answer(
            self,
            status: u16,
            items: impl ::std::iter::IntoIterator<Item = $type>,
        ) -> $crate::mock::Mock {
            self.0.$kind(status, $media_type, items)
        }
    };
    ($answer:ident list $kind:ident [$type:ty] $status:literal $media_type:literal) => {
        #[doc = ::std::concat!("Answers with status ", $status, " and these items.")]
        #[track_caller]
        pub fn $answer(
            self,
            items: impl ::std::iter::IntoIterator<Item = $type>,
        ) -> $crate::mock::Mock {
            self.0.$kind($status, $media_type, items)
        }
    };
    ($answer:ident json [$type:ty] any) => {
        $crate::mock_answer! { $answer json [$type] any "application/json" }
    };
    ($answer:ident json [$type:ty] $status:literal) => {
        $crate::mock_answer! { $answer json [$type] $status "application/json" }
    };
    ($answer:ident lines $($rest:tt)*) => {
        $crate::mock_answer! { $answer list lines $($rest)* }
    };
    ($answer:ident events $($rest:tt)*) => {
        $crate::mock_answer! { $answer list events $($rest)* }
    };
    ($answer:ident whole_events $($rest:tt)*) => {
        $crate::mock_answer! { $answer list whole_events $($rest)* }
    };
    ($answer:ident $kind:ident [$type:ty] any $media_type:literal) => {
        /// Answers with this status and body.
        #[track_caller]
        pub fn $answer(self, status: u16, body: $type) -> $crate::mock::Mock {
            self.0.$kind(status, $media_type, body)
        }
    };
    ($answer:ident $kind:ident [$type:ty] $status:literal $media_type:literal) => {
        #[doc = ::std::concat!("Answers with status ", $status, " and `", $media_type, "`.")]
        #[track_caller]
        pub fn $answer(self, body: $type) -> $crate::mock::Mock {
            self.0.$kind($status, $media_type, body)
        }
    };
}
