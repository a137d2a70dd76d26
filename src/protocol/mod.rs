//! Engine.IO 4 and Socket.IO 5 as codecs and state machines without I/O.
