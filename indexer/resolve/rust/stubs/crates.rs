// Other crates, as far as Rust code in the wild leans on them.

mod anyhow {
    pub struct Error;
    pub type Result<T, E = Error> = std::result::Result<T, E>;
    impl<T, E> Result<T, E> {
        fn context<C>(self, context: C) -> Result<T>;
        fn with_context<C>(self, f: impl FnOnce() -> C) -> Result<T>;
    }
    impl<T> Option<T> {
        fn context<C>(self, context: C) -> Result<T>;
        fn with_context<C>(self, f: impl FnOnce() -> C) -> Result<T>;
    }
}

mod itertools {
    // What every iterator has: Itertools.
    impl<T> dyn Iterator<Item = T> {
        fn collect_vec(self) -> Vec<T>;
        fn sorted(self) -> impl Iterator<Item = T>;
        fn sorted_by(self, f: impl FnMut(&T, &T) -> Ordering) -> impl Iterator<Item = T>;
        fn sorted_by_key<K>(self, f: impl FnMut(&T) -> K) -> impl Iterator<Item = T>;
        fn unique(self) -> impl Iterator<Item = T>;
        fn unique_by<K>(self, f: impl FnMut(&T) -> K) -> impl Iterator<Item = T>;
        fn dedup(self) -> impl Iterator<Item = T>;
        fn exactly_one(self) -> Option<T>;
        fn at_most_one(self) -> Option<T>;
        fn tuple_windows<U>(self) -> impl Iterator<Item = U>;
        fn counts(self) -> HashMap<T, usize>;
        fn into_group_map<U>(self) -> U;
        fn join(&mut self, separator: &str) -> String;
        fn find_position(&mut self, f: impl FnMut(&T) -> bool) -> Option<(usize, T)>;
        fn interleave(self, other: impl IntoIterator<Item = T>) -> impl Iterator<Item = T>;
        fn intersperse(self, with: T) -> impl Iterator<Item = T>;
        fn try_collect<C>(self) -> C;
    }
    impl<T, E> dyn Iterator<Item = Result<T, E>> {
        fn map_ok<U>(self, f: impl FnMut(T) -> U) -> impl Iterator<Item = Result<U, E>>;
        fn process_results<R>(self, f: impl FnOnce(dyn Iterator<Item = T>) -> R) -> Result<R, E>;
    }
}

mod once_cell {
    pub mod sync {
        pub use std::sync::LazyLock as Lazy;
        pub use std::sync::OnceLock as OnceCell;
    }
    pub mod unsync {
        pub use std::cell::LazyCell as Lazy;
        pub use std::cell::OnceCell;
    }
}

mod parking_lot {
    pub struct Mutex<T>;
    impl<T> Mutex<T> {
        fn new(value: T) -> Mutex<T>;
        fn lock(&self) -> std::sync::MutexGuard<T>;
        fn try_lock(&self) -> Option<std::sync::MutexGuard<T>>;
        fn into_inner(self) -> T;
    }
    pub struct RwLock<T>;
    impl<T> RwLock<T> {
        fn new(value: T) -> RwLock<T>;
        fn read(&self) -> std::sync::RwLockReadGuard<T>;
        fn write(&self) -> std::sync::RwLockWriteGuard<T>;
        fn into_inner(self) -> T;
    }
}

mod arc_swap {
    pub struct ArcSwap<T>;
    impl<T> ArcSwap<T> {
        fn new(value: Arc<T>) -> ArcSwap<T>;
        fn from_pointee(value: T) -> ArcSwap<T>;
        fn load(&self) -> Arc<T>;
        fn load_full(&self) -> Arc<T>;
        fn store(&self, value: Arc<T>);
        fn swap(&self, value: Arc<T>) -> Arc<T>;
    }
}

mod indexmap {
    pub use std::collections::{HashMap as IndexMap, HashSet as IndexSet};
}

mod tracing {
    pub struct Span;
    pub trait Instrument { fn instrument(self, span: Span) -> Self; fn in_current_span(self) -> Self; }
    impl<T> Instrument for T {
        fn instrument(self, span: Span) -> T;
        fn in_current_span(self) -> T;
        fn with_subscriber<S>(self, subscriber: S) -> T;
    }
}

mod tonic {
    pub struct Request<T>;
    impl<T> Request<T> {
        fn new(message: T) -> Request<T>;
        fn into_inner(self) -> T;
        fn get_ref(&self) -> &T;
        fn get_mut(&mut self) -> &mut T;
        fn map<U>(self, f: impl FnOnce(T) -> U) -> Request<U>;
    }
    pub struct Response<T>;
    impl<T> Response<T> {
        fn new(message: T) -> Response<T>;
        fn into_inner(self) -> T;
        fn get_ref(&self) -> &T;
        fn get_mut(&mut self) -> &mut T;
        fn map<U>(self, f: impl FnOnce(T) -> U) -> Response<U>;
    }
    pub struct Streaming<T>;
    impl<T> Streaming<T> { fn message(&mut self) -> impl Future<Output = Result<Option<T>, Status>>; }
    impl<T> Stream for Streaming<T> { type Item = Result<T, Status>; }
    pub struct Status;
}

mod rand {
    impl<T> [T] { fn choose<R>(&self, rng: &mut R) -> Option<&T>; fn shuffle<R>(&mut self, rng: &mut R); }
    impl<T> dyn Iterator<Item = T> { fn choose<R>(self, rng: &mut R) -> Option<T>; }
}

mod serde {
    pub trait Serialize { fn serialize<S>(&self, serializer: S) -> Result<(), S>; }
    pub trait Deserialize { fn deserialize<D>(deserializer: D) -> Result<Self, D>; }
    impl<T> Serialize for T { fn serialize<S>(&self, serializer: S) -> Result<(), S>; }
    impl<T, E> Deserialize for T { fn deserialize<D>(deserializer: D) -> Result<T, E>; }
}

mod prost {
    pub trait Message {
        fn encode_to_vec(&self) -> Vec<u8>;
        fn encode<B>(&self, into: &mut B) -> Result<(), EncodeError>;
        fn decode<B>(from: B) -> Result<Self, DecodeError>;
    }
    impl<T> Message for T {
        fn encode_to_vec(&self) -> Vec<u8>;
        fn encode<B>(&self, into: &mut B) -> Result<(), EncodeError>;
        fn encoded_len(&self) -> usize;
        fn decode<B>(from: B) -> Result<T, DecodeError>;
    }
    pub struct EncodeError;
    pub struct DecodeError;
}

mod bytes {
    pub struct Bytes;
    impl Bytes {
        fn new() -> Bytes;
        fn len(&self) -> usize;
        fn is_empty(&self) -> bool;
        fn to_vec(&self) -> Vec<u8>;
    }
    impl Deref for Bytes { type Target = [u8]; }
}
