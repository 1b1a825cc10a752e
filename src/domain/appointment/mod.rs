//! Appointments: what can be done to them, one act a file (C2 to C8).
