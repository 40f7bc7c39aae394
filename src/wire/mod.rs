//! AMQP 0-9-1 as bytes: the server side of a connection, without a socket.
