//! Free slots and bookings never contradict each other (C7): what is free can be booked, what is booked was free, and what
//! was booked is free no more. Slots lie where a minute hand that is watched all along would put them, daylight saving
//! and all.

mod booked;
mod places;
