// The crates of asynchronous code: tokio, futures and their parts.

mod futures {
    pub use futures::future::FutureExt;
    pub use futures::stream::{Stream, StreamExt, TryStreamExt};
    pub use std::future::Future;

    pub mod future {
        pub use std::future::{Future, pending, poll_fn, ready};
        pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;
        pub type LocalBoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;
        pub trait FutureExt {}
        // What every future has: FutureExt and TryFutureExt.
        impl<T> dyn Future<Output = T> {
            fn map<U>(self, f: impl FnOnce(T) -> U) -> impl Future<Output = U>;
            fn then<F: Future>(self, f: impl FnOnce(T) -> F) -> impl Future<Output = F::Output>;
            fn boxed(self) -> Pin<Box<dyn Future<Output = T>>>;
            fn boxed_local(self) -> Pin<Box<dyn Future<Output = T>>>;
            fn fuse(self) -> impl Future<Output = T>;
            fn shared(self) -> impl Future<Output = T>;
            fn left_future(self) -> impl Future<Output = T>;
            fn right_future(self) -> impl Future<Output = T>;
            fn catch_unwind(self) -> impl Future<Output = std::thread::Result<T>>;
            fn now_or_never(self) -> Option<T>;
            fn into_stream(self) -> impl Stream<Item = T>;
        }
        impl<T, E> dyn Future<Output = Result<T, E>> {
            fn map_ok<U>(self, f: impl FnOnce(T) -> U) -> impl Future<Output = Result<U, E>>;
            fn map_err<F>(self, f: impl FnOnce(E) -> F) -> impl Future<Output = Result<T, F>>;
            fn and_then<F: Future>(self, f: impl FnOnce(T) -> F) -> impl Future<Output = F::Output>;
            fn or_else<F: Future>(self, f: impl FnOnce(E) -> F) -> impl Future<Output = F::Output>;
        }
        pub fn join_all<I: IntoIterator<Item = F>, F: Future>(all: I) -> impl Future<Output = Vec<F::Output>>;
        pub fn try_join_all<I: IntoIterator>(all: I);
        pub fn ok<T, E>(value: T) -> impl Future<Output = Result<T, E>>;
        pub fn err<T, E>(value: E) -> impl Future<Output = Result<T, E>>;
        pub fn lazy<T>(f: impl FnOnce(&mut Context) -> T) -> impl Future<Output = T>;
    }

    pub mod stream {
        pub type BoxStream<T> = Pin<Box<dyn Stream<Item = T>>>;
        pub trait StreamExt {}
        pub trait TryStreamExt {}
        pub trait Stream { type Item; }
        // What every stream has: StreamExt and TryStreamExt.
        impl<T> dyn Stream<Item = T> {
            fn poll_next(self, context: &mut Context) -> Poll<Option<T>>;
            fn next(&mut self) -> impl Future<Output = Option<T>>;
            fn map<U>(self, f: impl FnMut(T) -> U) -> impl Stream<Item = U>;
            fn enumerate(self) -> impl Stream<Item = (usize, T)>;
            fn filter<F>(self, f: impl FnMut(&T) -> F) -> impl Stream<Item = T>;
            fn filter_map<U, F: Future<Output = Option<U>>>(self, f: impl FnMut(T) -> F) -> impl Stream<Item = U>;
            fn then<F: Future>(self, f: impl FnMut(T) -> F) -> impl Stream<Item = F::Output>;
            fn for_each<F>(self, f: impl FnMut(T) -> F) -> impl Future<Output = ()>;
            fn for_each_concurrent<F>(self, n: usize, f: impl FnMut(T) -> F) -> impl Future<Output = ()>;
            fn collect<C: FromIterator<T>>(self) -> impl Future<Output = C>;
            fn fold<B, F>(self, start: B, f: impl FnMut(B, T) -> F) -> impl Future<Output = B>;
            fn take(self, n: usize) -> impl Stream<Item = T>;
            fn skip(self, n: usize) -> impl Stream<Item = T>;
            fn take_while<F>(self, f: impl FnMut(&T) -> F) -> impl Stream<Item = T>;
            fn chain(self, other: impl Stream<Item = T>) -> impl Stream<Item = T>;
            fn fuse(self) -> impl Stream<Item = T>;
            fn boxed(self) -> Pin<Box<dyn Stream<Item = T>>>;
            fn peekable(self) -> impl Stream<Item = T>;
            fn buffer_unordered(self, n: usize) -> impl Stream<Item = <T as Future>::Output>;
            fn buffered(self, n: usize) -> impl Stream<Item = <T as Future>::Output>;
            fn inspect(self, f: impl FnMut(&T)) -> impl Stream<Item = T>;
        }
        impl<T, E> dyn Stream<Item = Result<T, E>> {
            fn try_next(&mut self) -> impl Future<Output = Result<Option<T>, E>>;
            fn map_ok<U>(self, f: impl FnMut(T) -> U) -> impl Stream<Item = Result<U, E>>;
            fn map_err<F>(self, f: impl FnMut(E) -> F) -> impl Stream<Item = Result<T, F>>;
            fn try_collect<C: FromIterator<T>>(self) -> impl Future<Output = Result<C, E>>;
        }
        pub struct FuturesUnordered<F>;
        impl<F> FuturesUnordered<F> {
            fn new() -> FuturesUnordered<F>;
            fn push(&self, future: F);
            fn len(&self) -> usize;
            fn is_empty(&self) -> bool;
        }
        impl<F: Future> Stream for FuturesUnordered<F> { type Item = F::Output; }
        pub fn iter<I: IntoIterator>(items: I) -> impl Stream<Item = I::Item>;
        pub fn once<F: Future>(future: F) -> impl Stream<Item = F::Output>;
        pub fn empty<T>() -> impl Stream<Item = T>;
        pub fn select<T>(a: impl Stream<Item = T>, b: impl Stream<Item = T>) -> impl Stream<Item = T>;
        pub fn poll_fn<T>(f: impl FnMut(&mut Context) -> Poll<Option<T>>) -> impl Stream<Item = T>;
    }
}

mod futures_util { pub use futures::*; }
mod futures_core { pub use futures::*; }

mod tokio_stream {
    pub use futures::stream::{Stream, StreamExt};
    pub use futures::stream::{empty, iter, once};
    pub mod wrappers {
        pub struct ReceiverStream<T>;
        impl<T> ReceiverStream<T> { fn new(from: tokio::sync::mpsc::Receiver<T>) -> ReceiverStream<T>; }
        impl<T> Stream for ReceiverStream<T> { type Item = T; }
        pub struct UnboundedReceiverStream<T>;
        impl<T> UnboundedReceiverStream<T> { fn new(from: tokio::sync::mpsc::UnboundedReceiver<T>) -> UnboundedReceiverStream<T>; }
        impl<T> Stream for UnboundedReceiverStream<T> { type Item = T; }
        pub struct WatchStream<T>;
        impl<T> WatchStream<T> { fn new(from: tokio::sync::watch::Receiver<T>) -> WatchStream<T>; }
        impl<T> Stream for WatchStream<T> { type Item = T; }
    }
}

mod tokio {
    pub use tokio::task::spawn;

    pub mod task {
        pub struct JoinHandle<T>;
        impl<T> JoinHandle<T> { fn abort(&self); fn is_finished(&self) -> bool; fn abort_handle(&self) -> AbortHandle; }
        impl<T> Future for JoinHandle<T> { type Output = Result<T, JoinError>; }
        pub struct AbortHandle;
        impl AbortHandle { fn abort(&self); fn is_finished(&self) -> bool; }
        pub struct JoinError;
        impl JoinError { fn is_cancelled(&self) -> bool; fn is_panic(&self) -> bool; }
        pub struct JoinSet<T>;
        impl<T> JoinSet<T> {
            fn new() -> JoinSet<T>;
            fn len(&self) -> usize;
            fn is_empty(&self) -> bool;
            fn spawn(&mut self, future: impl Future<Output = T>) -> AbortHandle;
            fn join_next(&mut self) -> impl Future<Output = Option<Result<T, JoinError>>>;
            fn join_all(self) -> impl Future<Output = Vec<T>>;
            fn abort_all(&mut self);
            fn shutdown(&mut self) -> impl Future<Output = ()>;
        }
        pub fn spawn<F: Future>(future: F) -> JoinHandle<F::Output>;
        pub fn spawn_local<F: Future>(future: F) -> JoinHandle<F::Output>;
        pub fn spawn_blocking<R>(f: impl FnOnce() -> R) -> JoinHandle<R>;
        pub fn block_in_place<R>(f: impl FnOnce() -> R) -> R;
        pub fn yield_now() -> impl Future<Output = ()>;
    }

    pub mod runtime {
        pub struct Handle;
        impl Handle {
            fn current() -> Handle;
            fn spawn<F: Future>(&self, future: F) -> tokio::task::JoinHandle<F::Output>;
            fn block_on<F: Future>(&self, future: F) -> F::Output;
        }
        pub struct Runtime;
        impl Runtime {
            fn new() -> std::io::Result<Runtime>;
            fn handle(&self) -> &Handle;
            fn spawn<F: Future>(&self, future: F) -> tokio::task::JoinHandle<F::Output>;
            fn block_on<F: Future>(&self, future: F) -> F::Output;
        }
    }

    pub mod time {
        pub use std::time::{Duration, Instant};
        pub fn sleep(time: Duration) -> impl Future<Output = ()>;
        pub fn sleep_until(at: Instant) -> impl Future<Output = ()>;
        pub fn timeout<F: Future>(limit: Duration, future: F) -> impl Future<Output = Result<F::Output, error::Elapsed>>;
        pub fn timeout_at<F: Future>(limit: Instant, future: F) -> impl Future<Output = Result<F::Output, error::Elapsed>>;
        pub fn interval(period: Duration) -> Interval;
        pub struct Interval;
        impl Interval { fn tick(&mut self) -> impl Future<Output = Instant>; }
        pub mod error { pub struct Elapsed; }
    }

    pub mod sync {
        pub struct Mutex<T>;
        impl<T> Mutex<T> {
            fn new(value: T) -> Mutex<T>;
            fn lock(&self) -> impl Future<Output = MutexGuard<T>>;
            fn lock_owned(self) -> impl Future<Output = OwnedMutexGuard<T>>;
            fn blocking_lock(&self) -> MutexGuard<T>;
            fn try_lock(&self) -> Result<MutexGuard<T>, TryLockError>;
            fn into_inner(self) -> T;
        }
        pub struct MutexGuard<T>;
        impl<T> Deref for MutexGuard<T> { type Target = T; }
        pub struct OwnedMutexGuard<T>;
        impl<T> Deref for OwnedMutexGuard<T> { type Target = T; }
        pub struct TryLockError;
        pub struct RwLock<T>;
        impl<T> RwLock<T> {
            fn new(value: T) -> RwLock<T>;
            fn read(&self) -> impl Future<Output = RwLockReadGuard<T>>;
            fn write(&self) -> impl Future<Output = RwLockWriteGuard<T>>;
            fn into_inner(self) -> T;
        }
        pub struct RwLockReadGuard<T>;
        pub struct RwLockWriteGuard<T>;
        impl<T> Deref for RwLockReadGuard<T> { type Target = T; }
        impl<T> Deref for RwLockWriteGuard<T> { type Target = T; }
        pub struct OnceCell<T>;
        impl<T> OnceCell<T> {
            fn new() -> OnceCell<T>;
            fn get(&self) -> Option<&T>;
            fn set(&self, value: T) -> Result<(), T>;
            fn get_or_init<F: Future<Output = T>>(&self, f: impl FnOnce() -> F) -> impl Future<Output = &T>;
        }
        pub struct Notify;
        impl Notify {
            fn new() -> Notify;
            fn notified(&self) -> impl Future<Output = ()>;
            fn notify_one(&self);
            fn notify_waiters(&self);
        }
        pub struct Semaphore;
        impl Semaphore {
            fn new(n: usize) -> Semaphore;
            fn acquire(&self) -> impl Future<Output = Result<SemaphorePermit, AcquireError>>;
        }
        pub struct SemaphorePermit;
        pub struct AcquireError;

        pub mod mpsc {
            pub struct Sender<T>;
            impl<T> Sender<T> {
                fn send(&self, value: T) -> impl Future<Output = Result<(), error::SendError<T>>>;
                fn try_send(&self, value: T) -> Result<(), error::TrySendError<T>>;
                fn blocking_send(&self, value: T) -> Result<(), error::SendError<T>>;
                fn closed(&self) -> impl Future<Output = ()>;
                fn is_closed(&self) -> bool;
                fn reserve(&self) -> impl Future<Output = Result<Permit<T>, error::SendError<()>>>;
            }
            impl<T> Clone for Sender<T> { fn clone(&self) -> Sender<T>; }
            pub struct Permit<T>;
            impl<T> Permit<T> { fn send(self, value: T); }
            pub struct Receiver<T>;
            impl<T> Receiver<T> {
                fn recv(&mut self) -> impl Future<Output = Option<T>>;
                fn try_recv(&mut self) -> Result<T, error::TryRecvError>;
                fn blocking_recv(&mut self) -> Option<T>;
                fn poll_recv(&mut self, context: &mut Context) -> Poll<Option<T>>;
                fn close(&mut self);
            }
            pub struct UnboundedSender<T>;
            impl<T> UnboundedSender<T> {
                fn send(&self, value: T) -> Result<(), error::SendError<T>>;
                fn closed(&self) -> impl Future<Output = ()>;
                fn is_closed(&self) -> bool;
            }
            impl<T> Clone for UnboundedSender<T> { fn clone(&self) -> UnboundedSender<T>; }
            pub struct UnboundedReceiver<T>;
            impl<T> UnboundedReceiver<T> {
                fn recv(&mut self) -> impl Future<Output = Option<T>>;
                fn try_recv(&mut self) -> Result<T, error::TryRecvError>;
                fn close(&mut self);
            }
            pub fn channel<T>(n: usize) -> (Sender<T>, Receiver<T>);
            pub fn unbounded_channel<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>);
            pub mod error {
                pub struct SendError<T>(T);
                pub enum TrySendError<T> { Full(T), Closed(T) }
                pub enum TryRecvError { Empty, Disconnected }
            }
        }

        pub mod oneshot {
            pub struct Sender<T>;
            impl<T> Sender<T> {
                fn send(self, value: T) -> Result<(), T>;
                fn closed(&mut self) -> impl Future<Output = ()>;
                fn is_closed(&self) -> bool;
            }
            pub struct Receiver<T>;
            impl<T> Receiver<T> { fn try_recv(&mut self) -> Result<T, error::TryRecvError>; fn close(&mut self); }
            impl<T> Future for Receiver<T> { type Output = Result<T, error::RecvError>; }
            pub fn channel<T>() -> (Sender<T>, Receiver<T>);
            pub mod error {
                pub struct RecvError;
                pub enum TryRecvError { Empty, Closed }
            }
        }

        pub mod watch {
            pub struct Sender<T>;
            impl<T> Sender<T> {
                fn new(value: T) -> Sender<T>;
                fn send(&self, value: T) -> Result<(), error::SendError<T>>;
                fn send_replace(&self, value: T) -> T;
                fn send_modify(&self, f: impl FnOnce(&mut T));
                fn send_if_modified(&self, f: impl FnOnce(&mut T) -> bool) -> bool;
                fn borrow(&self) -> Ref<T>;
                fn subscribe(&self) -> Receiver<T>;
                fn closed(&self) -> impl Future<Output = ()>;
                fn is_closed(&self) -> bool;
                fn receiver_count(&self) -> usize;
            }
            impl<T> Clone for Sender<T> { fn clone(&self) -> Sender<T>; }
            pub struct Receiver<T>;
            impl<T> Receiver<T> {
                fn borrow(&self) -> Ref<T>;
                fn borrow_and_update(&mut self) -> Ref<T>;
                fn has_changed(&self) -> Result<bool, error::RecvError>;
                fn changed(&mut self) -> impl Future<Output = Result<(), error::RecvError>>;
                fn wait_for(&mut self, f: impl FnMut(&T) -> bool) -> impl Future<Output = Result<Ref<T>, error::RecvError>>;
            }
            impl<T> Clone for Receiver<T> { fn clone(&self) -> Receiver<T>; }
            pub struct Ref<T>;
            impl<T> Deref for Ref<T> { type Target = T; }
            pub fn channel<T>(value: T) -> (Sender<T>, Receiver<T>);
            pub mod error {
                pub struct SendError<T>(T);
                pub struct RecvError;
            }
        }

        pub mod broadcast {
            pub struct Sender<T>;
            impl<T> Sender<T> {
                fn new(n: usize) -> Sender<T>;
                fn send(&self, value: T) -> Result<usize, error::SendError<T>>;
                fn subscribe(&self) -> Receiver<T>;
            }
            impl<T> Clone for Sender<T> { fn clone(&self) -> Sender<T>; }
            pub struct Receiver<T>;
            impl<T> Receiver<T> {
                fn recv(&mut self) -> impl Future<Output = Result<T, error::RecvError>>;
                fn try_recv(&mut self) -> Result<T, error::TryRecvError>;
                fn resubscribe(&self) -> Receiver<T>;
            }
            pub fn channel<T>(n: usize) -> (Sender<T>, Receiver<T>);
            pub mod error {
                pub struct SendError<T>(T);
                pub enum RecvError { Closed, Lagged(u64) }
                pub enum TryRecvError { Empty, Closed, Lagged(u64) }
            }
        }
    }
}
