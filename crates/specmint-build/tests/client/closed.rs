//! What must not compile: code that a further member would break.

use parcels::types::{Parcel, Problem, Stop};

fn main() {
    let whole = Problem {
        code: String::new(),
        message: String::new(),
    };
    let Problem {
        code: _,
        message: _,
    } = whole;
    let _ = Stop {
        city: None,
        ..Stop::default()
    };
    let _ = |Parcel {
                 id,
                 state,
                 weight,
                 price,
                 created_at,
                 deliver_on,
                 note,
                 seal,
                 total,
             }: Parcel| {
        drop((
            id, state, weight, price, created_at, deliver_on, note, seal, total,
        ));
    };
}
