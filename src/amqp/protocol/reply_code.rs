//! The reply codes of AMQP 0-9-1 (1.2 "Constants"); semantics 4 says what raises which.

macro_rules! reply_codes {
    ($($variant:ident $code:literal $name:literal,)*) => {
        /// A reply code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ReplyCode { $($variant,)* }

        impl ReplyCode {
            /// The number on the wire.
            pub const fn code(self) -> u16 {
                match self { $(ReplyCode::$variant => $code,)* }
            }
            /// The name as it begins a reply text.
            pub const fn name(self) -> &'static str {
                match self { $(ReplyCode::$variant => $name,)* }
            }
            /// The reply code with this number.
            pub const fn from_code(code: u16) -> Option<ReplyCode> {
                match code { $($code => Some(ReplyCode::$variant),)* _ => None }
            }
        }
    };
}

reply_codes! {
    ReplySuccess 200 "REPLY_SUCCESS",
    ContentTooLarge 311 "CONTENT_TOO_LARGE",
    NoRoute 312 "NO_ROUTE",
    NoConsumers 313 "NO_CONSUMERS",
    ConnectionForced 320 "CONNECTION_FORCED",
    InvalidPath 402 "INVALID_PATH",
    AccessRefused 403 "ACCESS_REFUSED",
    NotFound 404 "NOT_FOUND",
    ResourceLocked 405 "RESOURCE_LOCKED",
    PreconditionFailed 406 "PRECONDITION_FAILED",
    FrameError 501 "FRAME_ERROR",
    SyntaxError 502 "SYNTAX_ERROR",
    CommandInvalid 503 "COMMAND_INVALID",
    ChannelError 504 "CHANNEL_ERROR",
    UnexpectedFrame 505 "UNEXPECTED_FRAME",
    ResourceError 506 "RESOURCE_ERROR",
    NotAllowed 530 "NOT_ALLOWED",
    NotImplemented 540 "NOT_IMPLEMENTED",
    InternalError 541 "INTERNAL_ERROR",
}
