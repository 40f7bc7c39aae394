//! Simulated programs: functions of events and a seed.
