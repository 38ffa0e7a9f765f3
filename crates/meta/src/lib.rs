//! Names, quantities, times, selectors.
