//! The page: Yew components over the engine.
