//! opportunity
