//! What the wire needs: methods, paths, parameters, bodies, answers, credentials.
