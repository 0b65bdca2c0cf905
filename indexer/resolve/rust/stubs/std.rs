// The standard library, as far as types of expressions follow from it. To make
// another method or type known, declare it here as its documentation does; what
// there is to know of stubs:
//
//   - A module at the top is a crate.
//   - Names need no use: one that its module does not declare is found wherever
//     a stub declares it, std.rs first.
//   - Lifetimes, bounds that no type follows from, and parameters that only say
//     how are left out. What a method gives must be true of every caller; a
//     parameter of which nothing is known is dropped from it.
//   - A trait with associated types is a type too, that of all that implement
//     it: impl<T> dyn Iterator<Item = T> declares what every iterator has.
//   - impl<T> Clone for T declares what any type may have by a derive, or by a
//     trait in scope.

mod std {
    pub mod prelude {
        pub use std::borrow::ToOwned;
        pub use std::boxed::Box;
        pub use std::clone::Clone;
        pub use std::cmp::{Eq, Ord, PartialEq, PartialOrd};
        pub use std::convert::{AsMut, AsRef, From, Into, TryFrom, TryInto};
        pub use std::default::Default;
        pub use std::fmt::Debug;
        pub use std::hash::Hash;
        pub use std::iter::{DoubleEndedIterator, ExactSizeIterator, Extend, FromIterator, IntoIterator, Iterator};
        pub use std::marker::{Copy, Send, Sized, Sync, Unpin};
        pub use std::mem::{align_of, drop, size_of};
        pub use std::ops::{AsyncFn, Drop, Fn, FnMut, FnOnce};
        pub use std::option::Option::{self, None, Some};
        pub use std::result::Result::{self, Err, Ok};
        pub use std::string::{String, ToString};
        pub use std::vec::Vec;
    }

    pub mod option {
        pub enum Option<T> { None, Some(T) }

        impl<T> Option<T> {
            fn is_some(&self) -> bool;
            fn is_none(&self) -> bool;
            fn is_some_and(self, f: impl FnOnce(T) -> bool) -> bool;
            fn is_none_or(self, f: impl FnOnce(T) -> bool) -> bool;
            fn as_ref(&self) -> Option<&T>;
            fn as_mut(&mut self) -> Option<&mut T>;
            fn as_pin_mut(self) -> Option<Pin<&mut T>>;
            fn as_deref(&self) -> Option<&T::Target> where T: Deref;
            fn as_deref_mut(&mut self) -> Option<&mut T::Target> where T: Deref;
            fn expect(self, message: &str) -> T;
            fn unwrap(self) -> T;
            fn unwrap_or(self, default: T) -> T;
            fn unwrap_or_else(self, f: impl FnOnce() -> T) -> T;
            fn unwrap_or_default(self) -> T;
            fn map<U>(self, f: impl FnOnce(T) -> U) -> Option<U>;
            fn inspect(self, f: impl FnOnce(&T)) -> Option<T>;
            fn map_or<U>(self, default: U, f: impl FnOnce(T) -> U) -> U;
            fn map_or_else<U>(self, default: impl FnOnce() -> U, f: impl FnOnce(T) -> U) -> U;
            fn ok_or<E>(self, error: E) -> Result<T, E>;
            fn ok_or_else<E>(self, error: impl FnOnce() -> E) -> Result<T, E>;
            fn iter(&self) -> impl Iterator<Item = &T>;
            fn iter_mut(&mut self) -> impl Iterator<Item = &mut T>;
            fn and<U>(self, other: Option<U>) -> Option<U>;
            fn and_then<U>(self, f: impl FnOnce(T) -> Option<U>) -> Option<U>;
            fn filter(self, f: impl FnOnce(&T) -> bool) -> Option<T>;
            fn or(self, other: Option<T>) -> Option<T>;
            fn or_else(self, f: impl FnOnce() -> Option<T>) -> Option<T>;
            fn xor(self, other: Option<T>) -> Option<T>;
            fn insert(&mut self, value: T) -> &mut T;
            fn get_or_insert(&mut self, value: T) -> &mut T;
            fn get_or_insert_with(&mut self, f: impl FnOnce() -> T) -> &mut T;
            fn take(&mut self) -> Option<T>;
            fn take_if(&mut self, f: impl FnOnce(&mut T) -> bool) -> Option<T>;
            fn replace(&mut self, value: T) -> Option<T>;
            fn zip<U>(self, other: Option<U>) -> Option<(T, U)>;
        }
        impl<T> Option<&T> {
            fn cloned(self) -> Option<T>;
            fn copied(self) -> Option<T>;
        }
        impl<T> Option<Option<T>> { fn flatten(self) -> Option<T>; }
        impl<T, E> Option<Result<T, E>> { fn transpose(self) -> Result<Option<T>, E>; }
        impl<T, U> Option<(T, U)> { fn unzip(self) -> (Option<T>, Option<U>); }
        impl<T> Try for Option<T> { type Output = T; }
        impl<T> IntoIterator for Option<T> { type Item = T; }
        impl<T, C: FromIterator<T>> FromIterator<Option<T>> for Option<C> {}
    }

    pub mod result {
        pub enum Result<T, E> { Ok(T), Err(E) }

        impl<T, E> Result<T, E> {
            fn is_ok(&self) -> bool;
            fn is_err(&self) -> bool;
            fn is_ok_and(self, f: impl FnOnce(T) -> bool) -> bool;
            fn is_err_and(self, f: impl FnOnce(E) -> bool) -> bool;
            fn ok(self) -> Option<T>;
            fn err(self) -> Option<E>;
            fn as_ref(&self) -> Result<&T, &E>;
            fn as_mut(&mut self) -> Result<&mut T, &mut E>;
            fn as_deref(&self) -> Result<&T::Target, &E> where T: Deref;
            fn map<U>(self, f: impl FnOnce(T) -> U) -> Result<U, E>;
            fn map_or<U>(self, default: U, f: impl FnOnce(T) -> U) -> U;
            fn map_or_else<U>(self, default: impl FnOnce(E) -> U, f: impl FnOnce(T) -> U) -> U;
            fn map_err<F>(self, f: impl FnOnce(E) -> F) -> Result<T, F>;
            fn inspect(self, f: impl FnOnce(&T)) -> Result<T, E>;
            fn inspect_err(self, f: impl FnOnce(&E)) -> Result<T, E>;
            fn iter(&self) -> impl Iterator<Item = &T>;
            fn expect(self, message: &str) -> T;
            fn unwrap(self) -> T;
            fn unwrap_or_default(self) -> T;
            fn expect_err(self, message: &str) -> E;
            fn unwrap_err(self) -> E;
            fn and<U>(self, other: Result<U, E>) -> Result<U, E>;
            fn and_then<U>(self, f: impl FnOnce(T) -> Result<U, E>) -> Result<U, E>;
            fn or<F>(self, other: Result<T, F>) -> Result<T, F>;
            fn or_else<F>(self, f: impl FnOnce(E) -> Result<T, F>) -> Result<T, F>;
            fn unwrap_or(self, default: T) -> T;
            fn unwrap_or_else(self, f: impl FnOnce(E) -> T) -> T;
        }
        impl<T, E> Result<&T, E> {
            fn cloned(self) -> Result<T, E>;
            fn copied(self) -> Result<T, E>;
        }
        impl<T, E> Result<Option<T>, E> { fn transpose(self) -> Option<Result<T, E>>; }
        impl<T, E> Try for Result<T, E> { type Output = T; }
        impl<T, E> IntoIterator for Result<T, E> { type Item = T; }
        impl<T, E, C: FromIterator<T>> FromIterator<Result<T, E>> for Result<C, E> {}
    }

    pub mod ops {
        pub trait Deref { type Target; fn deref(&self) -> &Self::Target; }
        pub trait DerefMut { fn deref_mut(&mut self) -> &mut Self; }
        pub trait Try { type Output; }
        pub trait Index { type Output; }
        pub trait Fn {}
        pub trait FnMut {}
        pub trait FnOnce {}
        pub trait AsyncFn {}
        pub trait Drop { fn drop(&mut self); }

        pub enum ControlFlow<B, C> { Continue(C), Break(B) }
        pub enum Bound<T> { Included(T), Excluded(T), Unbounded }

        pub struct Range<T>;
        pub struct RangeInclusive<T>;
        impl<T> Range<T> { fn contains(&self, item: &T) -> bool; }
        impl<T> RangeInclusive<T> {
            fn new(start: T, end: T) -> RangeInclusive<T>;
            fn start(&self) -> &T;
            fn end(&self) -> &T;
            fn contains(&self, item: &T) -> bool;
        }
        impl<T> Iterator for Range<T> { type Item = T; }
        impl<T> Iterator for RangeInclusive<T> { type Item = T; }
    }

    pub mod iter {
        pub trait IntoIterator {
            type Item;
            fn into_iter(self) -> impl Iterator<Item = Self::Item>;
        }
        pub trait FromIterator<A> { fn from_iter(items: impl IntoIterator<Item = A>) -> Self; }
        pub trait Extend<A> { fn extend(&mut self, items: impl IntoIterator<Item = A>); }
        pub trait ExactSizeIterator {}
        pub trait DoubleEndedIterator {}

        pub trait Iterator {
            type Item;
            fn next(&mut self) -> Option<Self::Item>;
            fn next_back(&mut self) -> Option<Self::Item>;
            fn size_hint(&self) -> (usize, Option<usize>);
            fn len(&self) -> usize;
            fn count(self) -> usize;
            fn last(self) -> Option<Self::Item>;
            fn nth(&mut self, n: usize) -> Option<Self::Item>;
            fn step_by(self, step: usize) -> impl Iterator<Item = Self::Item>;
            fn chain(self, other: impl IntoIterator<Item = Self::Item>) -> impl Iterator<Item = Self::Item>;
            fn zip<I: IntoIterator>(self, other: I) -> impl Iterator<Item = (Self::Item, I::Item)>;
            fn map<U>(self, f: impl FnMut(Self::Item) -> U) -> impl Iterator<Item = U>;
            fn for_each(self, f: impl FnMut(Self::Item));
            fn filter(self, f: impl FnMut(&Self::Item) -> bool) -> impl Iterator<Item = Self::Item>;
            fn filter_map<U>(self, f: impl FnMut(Self::Item) -> Option<U>) -> impl Iterator<Item = U>;
            fn enumerate(self) -> impl Iterator<Item = (usize, Self::Item)>;
            fn peekable(self) -> Peekable<Self::Item>;
            fn skip_while(self, f: impl FnMut(&Self::Item) -> bool) -> impl Iterator<Item = Self::Item>;
            fn take_while(self, f: impl FnMut(&Self::Item) -> bool) -> impl Iterator<Item = Self::Item>;
            fn map_while<U>(self, f: impl FnMut(Self::Item) -> Option<U>) -> impl Iterator<Item = U>;
            fn skip(self, n: usize) -> impl Iterator<Item = Self::Item>;
            fn take(self, n: usize) -> impl Iterator<Item = Self::Item>;
            fn scan<S, U>(self, state: S, f: impl FnMut(&mut S, Self::Item) -> Option<U>) -> impl Iterator<Item = U>;
            fn flat_map<I: IntoIterator>(self, f: impl FnMut(Self::Item) -> I) -> impl Iterator<Item = I::Item>;
            fn flatten(self) -> impl Iterator<Item = <Self::Item as IntoIterator>::Item>;
            fn fuse(self) -> impl Iterator<Item = Self::Item>;
            fn inspect(self, f: impl FnMut(&Self::Item)) -> impl Iterator<Item = Self::Item>;
            fn by_ref(&mut self) -> &mut Self;
            fn collect<C: FromIterator<Self::Item>>(self) -> C;
            fn partition<C: FromIterator<Self::Item>>(self, f: impl FnMut(&Self::Item) -> bool) -> (C, C);
            fn fold<B>(self, start: B, f: impl FnMut(B, Self::Item) -> B) -> B;
            fn try_fold<B, R>(&mut self, start: B, f: impl FnMut(B, Self::Item) -> R) -> R;
            fn try_for_each<R>(&mut self, f: impl FnMut(Self::Item) -> R) -> R;
            fn reduce(self, f: impl FnMut(Self::Item, Self::Item) -> Self::Item) -> Option<Self::Item>;
            fn all(&mut self, f: impl FnMut(Self::Item) -> bool) -> bool;
            fn any(&mut self, f: impl FnMut(Self::Item) -> bool) -> bool;
            fn find(&mut self, f: impl FnMut(&Self::Item) -> bool) -> Option<Self::Item>;
            fn find_map<U>(&mut self, f: impl FnMut(Self::Item) -> Option<U>) -> Option<U>;
            fn position(&mut self, f: impl FnMut(Self::Item) -> bool) -> Option<usize>;
            fn rposition(&mut self, f: impl FnMut(Self::Item) -> bool) -> Option<usize>;
            fn max(self) -> Option<Self::Item>;
            fn min(self) -> Option<Self::Item>;
            fn max_by_key<K>(self, f: impl FnMut(&Self::Item) -> K) -> Option<Self::Item>;
            fn min_by_key<K>(self, f: impl FnMut(&Self::Item) -> K) -> Option<Self::Item>;
            fn max_by(self, f: impl FnMut(&Self::Item, &Self::Item) -> Ordering) -> Option<Self::Item>;
            fn min_by(self, f: impl FnMut(&Self::Item, &Self::Item) -> Ordering) -> Option<Self::Item>;
            fn rev(self) -> impl Iterator<Item = Self::Item>;
            fn cycle(self) -> impl Iterator<Item = Self::Item>;
            fn sum<S>(self) -> S;
            fn product<S>(self) -> S;
        }
        impl<T> dyn Iterator<Item = &T> {
            fn cloned(self) -> impl Iterator<Item = T>;
            fn copied(self) -> impl Iterator<Item = T>;
        }
        impl<T, U> dyn Iterator<Item = (T, U)> {
            fn unzip<A: FromIterator<T>, B: FromIterator<U>>(self) -> (A, B);
        }
        impl<T> IntoIterator for dyn Iterator<Item = T> { type Item = T; }

        pub struct Peekable<T>;
        impl<T> Peekable<T> {
            fn peek(&mut self) -> Option<&T>;
            fn peek_mut(&mut self) -> Option<&mut T>;
            fn next_if(&mut self, f: impl FnOnce(&T) -> bool) -> Option<T>;
            fn next_if_eq(&mut self, expected: &T) -> Option<T>;
        }
        impl<T> Iterator for Peekable<T> { type Item = T; }

        pub fn once<T>(value: T) -> impl Iterator<Item = T>;
        pub fn empty<T>() -> impl Iterator<Item = T>;
        pub fn repeat<T>(value: T) -> impl Iterator<Item = T>;
        pub fn repeat_with<T>(f: impl FnMut() -> T) -> impl Iterator<Item = T>;
        pub fn from_fn<T>(f: impl FnMut() -> Option<T>) -> impl Iterator<Item = T>;
        pub fn successors<T>(first: Option<T>, f: impl FnMut(&T) -> Option<T>) -> impl Iterator<Item = T>;
        pub fn zip<A: IntoIterator, B: IntoIterator>(a: A, b: B) -> impl Iterator<Item = (A::Item, B::Item)>;
    }

    pub mod slice {
        impl<T> [T] {
            fn len(&self) -> usize;
            fn is_empty(&self) -> bool;
            fn first(&self) -> Option<&T>;
            fn first_mut(&mut self) -> Option<&mut T>;
            fn last(&self) -> Option<&T>;
            fn last_mut(&mut self) -> Option<&mut T>;
            fn split_first(&self) -> Option<(&T, &[T])>;
            fn split_last(&self) -> Option<(&T, &[T])>;
            fn split_at(&self, at: usize) -> (&[T], &[T]);
            fn split_at_mut(&mut self, at: usize) -> (&mut [T], &mut [T]);
            fn get(&self, i: usize) -> Option<&T>;
            fn get_mut(&mut self, i: usize) -> Option<&mut T>;
            fn swap(&mut self, a: usize, b: usize);
            fn reverse(&mut self);
            fn iter(&self) -> impl Iterator<Item = &T>;
            fn iter_mut(&mut self) -> impl Iterator<Item = &mut T>;
            fn windows(&self, size: usize) -> impl Iterator<Item = &[T]>;
            fn chunks(&self, size: usize) -> impl Iterator<Item = &[T]>;
            fn chunks_exact(&self, size: usize) -> impl Iterator<Item = &[T]>;
            fn split(&self, f: impl FnMut(&T) -> bool) -> impl Iterator<Item = &[T]>;
            fn contains(&self, item: &T) -> bool;
            fn starts_with(&self, other: &[T]) -> bool;
            fn ends_with(&self, other: &[T]) -> bool;
            fn binary_search(&self, item: &T) -> Result<usize, usize>;
            fn binary_search_by(&self, f: impl FnMut(&T) -> Ordering) -> Result<usize, usize>;
            fn partition_point(&self, f: impl FnMut(&T) -> bool) -> usize;
            fn sort(&mut self);
            fn sort_unstable(&mut self);
            fn sort_by(&mut self, f: impl FnMut(&T, &T) -> Ordering);
            fn sort_unstable_by(&mut self, f: impl FnMut(&T, &T) -> Ordering);
            fn sort_by_key<K>(&mut self, f: impl FnMut(&T) -> K);
            fn sort_unstable_by_key<K>(&mut self, f: impl FnMut(&T) -> K);
            fn fill(&mut self, value: T);
            fn copy_from_slice(&mut self, from: &[T]);
            fn clone_from_slice(&mut self, from: &[T]);
            fn to_vec(&self) -> Vec<T>;
            fn into_vec(self) -> Vec<T>;
            fn concat(&self) -> T;
            fn join(&self, separator: &str) -> T;
            fn as_ptr(&self) -> *const T;
            fn map<U>(self, f: impl FnMut(T) -> U) -> [U];
            fn as_slice(&self) -> &[T];
        }
        impl<T> ToOwned for [T] { fn to_owned(&self) -> Vec<T>; }
        impl<T> IntoIterator for [T] {
            type Item = T;
        }
        impl<T> Index for [T] { type Output = T; }
    }

    pub mod array {
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        pub struct Iter<T>;
        impl<T> Iterator for Iter<T> { type Item = T; }
        pub fn from_fn<T>(f: impl FnMut(usize) -> T) -> [T];
    }

    pub mod vec {
        pub struct Vec<T>;
        impl<T> Vec<T> {
            fn new() -> Vec<T>;
            fn with_capacity(n: usize) -> Vec<T>;
            fn from<I: IntoIterator<Item = T>>(items: I) -> Vec<T>;
            fn capacity(&self) -> usize;
            fn reserve(&mut self, n: usize);
            fn truncate(&mut self, n: usize);
            fn as_slice(&self) -> &[T];
            fn as_mut_slice(&mut self) -> &mut [T];
            fn swap_remove(&mut self, i: usize) -> T;
            fn insert(&mut self, i: usize, value: T);
            fn remove(&mut self, i: usize) -> T;
            fn retain(&mut self, f: impl FnMut(&T) -> bool);
            fn retain_mut(&mut self, f: impl FnMut(&mut T) -> bool);
            fn dedup(&mut self);
            fn dedup_by_key<K>(&mut self, f: impl FnMut(&mut T) -> K);
            fn push(&mut self, value: T);
            fn pop(&mut self) -> Option<T>;
            fn append(&mut self, other: &mut Vec<T>);
            fn drain<R>(&mut self, range: R) -> impl Iterator<Item = T>;
            fn splice<R>(&mut self, range: R, with: impl IntoIterator<Item = T>) -> impl Iterator<Item = T>;
            fn clear(&mut self);
            fn split_off(&mut self, at: usize) -> Vec<T>;
            fn resize(&mut self, n: usize, value: T);
            fn extend_from_slice(&mut self, other: &[T]);
            fn leak(self) -> &mut [T];
            fn into_boxed_slice(self) -> Box<[T]>;
        }
        impl<T> Deref for Vec<T> { type Target = [T]; }
        impl<T> Extend<T> for Vec<T> {}
        impl<T> FromIterator<T> for Vec<T> {}
        impl<T> IntoIterator for Vec<T> { type Item = T; }
        impl<T> Clone for Vec<T> { fn clone(&self) -> Vec<T>; }
        impl<T> AsRef for Vec<T> { fn as_ref(&self) -> &[T]; }
    }

    pub mod collections {
        pub use std::collections::hash_map::HashMap;
        pub use std::collections::btree_map::BTreeMap;

        pub mod hash_map {
            pub struct HashMap<K, V>;
            impl<K, V> HashMap<K, V> {
                fn new() -> HashMap<K, V>;
                fn with_capacity(n: usize) -> HashMap<K, V>;
                fn from(items: impl IntoIterator<Item = (K, V)>) -> HashMap<K, V>;
                fn len(&self) -> usize;
                fn is_empty(&self) -> bool;
                fn keys(&self) -> impl Iterator<Item = &K>;
                fn into_keys(self) -> impl Iterator<Item = K>;
                fn values(&self) -> impl Iterator<Item = &V>;
                fn values_mut(&mut self) -> impl Iterator<Item = &mut V>;
                fn into_values(self) -> impl Iterator<Item = V>;
                fn iter(&self) -> impl Iterator<Item = (&K, &V)>;
                fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)>;
                fn drain(&mut self) -> impl Iterator<Item = (K, V)>;
                fn retain(&mut self, f: impl FnMut(&K, &mut V) -> bool);
                fn clear(&mut self);
                fn reserve(&mut self, n: usize);
                fn entry(&mut self, key: K) -> Entry<K, V>;
                fn get(&self, key: &K) -> Option<&V>;
                fn get_key_value(&self, key: &K) -> Option<(&K, &V)>;
                fn get_mut(&mut self, key: &K) -> Option<&mut V>;
                fn contains_key(&self, key: &K) -> bool;
                fn insert(&mut self, key: K, value: V) -> Option<V>;
                fn remove(&mut self, key: &K) -> Option<V>;
                fn remove_entry(&mut self, key: &K) -> Option<(K, V)>;
            }
            impl<K, V> IntoIterator for HashMap<K, V> { type Item = (K, V); }
            impl<K, V> FromIterator<(K, V)> for HashMap<K, V> {}
            impl<K, V> Extend<(K, V)> for HashMap<K, V> {}
            impl<K, V> Index for HashMap<K, V> { type Output = V; }

            pub enum Entry<K, V> { Occupied(OccupiedEntry<K, V>), Vacant(VacantEntry<K, V>) }
            impl<K, V> Entry<K, V> {
                fn or_insert(self, default: V) -> &mut V;
                fn or_insert_with(self, f: impl FnOnce() -> V) -> &mut V;
                fn or_insert_with_key(self, f: impl FnOnce(&K) -> V) -> &mut V;
                fn or_default(self) -> &mut V;
                fn and_modify(self, f: impl FnOnce(&mut V)) -> Entry<K, V>;
                fn key(&self) -> &K;
            }
            pub struct OccupiedEntry<K, V>;
            impl<K, V> OccupiedEntry<K, V> {
                fn key(&self) -> &K;
                fn get(&self) -> &V;
                fn get_mut(&mut self) -> &mut V;
                fn into_mut(self) -> &mut V;
                fn insert(&mut self, value: V) -> V;
                fn remove(self) -> V;
                fn remove_entry(self) -> (K, V);
            }
            pub struct VacantEntry<K, V>;
            impl<K, V> VacantEntry<K, V> {
                fn key(&self) -> &K;
                fn into_key(self) -> K;
                fn insert(self, value: V) -> &mut V;
            }
        }

        pub mod btree_map {
            pub use std::collections::hash_map::{Entry, OccupiedEntry, VacantEntry};
            pub struct BTreeMap<K, V>;
            impl<K, V> BTreeMap<K, V> {
                fn new() -> BTreeMap<K, V>;
                fn from(items: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V>;
                fn len(&self) -> usize;
                fn is_empty(&self) -> bool;
                fn keys(&self) -> impl Iterator<Item = &K>;
                fn into_keys(self) -> impl Iterator<Item = K>;
                fn values(&self) -> impl Iterator<Item = &V>;
                fn values_mut(&mut self) -> impl Iterator<Item = &mut V>;
                fn into_values(self) -> impl Iterator<Item = V>;
                fn iter(&self) -> impl Iterator<Item = (&K, &V)>;
                fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)>;
                fn range<R>(&self, range: R) -> impl Iterator<Item = (&K, &V)>;
                fn retain(&mut self, f: impl FnMut(&K, &mut V) -> bool);
                fn clear(&mut self);
                fn entry(&mut self, key: K) -> Entry<K, V>;
                fn get(&self, key: &K) -> Option<&V>;
                fn get_mut(&mut self, key: &K) -> Option<&mut V>;
                fn contains_key(&self, key: &K) -> bool;
                fn insert(&mut self, key: K, value: V) -> Option<V>;
                fn remove(&mut self, key: &K) -> Option<V>;
                fn first_key_value(&self) -> Option<(&K, &V)>;
                fn last_key_value(&self) -> Option<(&K, &V)>;
                fn pop_first(&mut self) -> Option<(K, V)>;
                fn pop_last(&mut self) -> Option<(K, V)>;
            }
            impl<K, V> IntoIterator for BTreeMap<K, V> { type Item = (K, V); }
            impl<K, V> FromIterator<(K, V)> for BTreeMap<K, V> {}
            impl<K, V> Extend<(K, V)> for BTreeMap<K, V> {}
            impl<K, V> Index for BTreeMap<K, V> { type Output = V; }
        }

        pub struct HashSet<T>;
        impl<T> HashSet<T> {
            fn new() -> HashSet<T>;
            fn with_capacity(n: usize) -> HashSet<T>;
            fn from(items: impl IntoIterator<Item = T>) -> HashSet<T>;
            fn len(&self) -> usize;
            fn is_empty(&self) -> bool;
            fn iter(&self) -> impl Iterator<Item = &T>;
            fn drain(&mut self) -> impl Iterator<Item = T>;
            fn retain(&mut self, f: impl FnMut(&T) -> bool);
            fn clear(&mut self);
            fn difference(&self, other: &HashSet<T>) -> impl Iterator<Item = &T>;
            fn symmetric_difference(&self, other: &HashSet<T>) -> impl Iterator<Item = &T>;
            fn intersection(&self, other: &HashSet<T>) -> impl Iterator<Item = &T>;
            fn union(&self, other: &HashSet<T>) -> impl Iterator<Item = &T>;
            fn contains(&self, value: &T) -> bool;
            fn get(&self, value: &T) -> Option<&T>;
            fn is_subset(&self, other: &HashSet<T>) -> bool;
            fn is_superset(&self, other: &HashSet<T>) -> bool;
            fn is_disjoint(&self, other: &HashSet<T>) -> bool;
            fn insert(&mut self, value: T) -> bool;
            fn replace(&mut self, value: T) -> Option<T>;
            fn remove(&mut self, value: &T) -> bool;
            fn take(&mut self, value: &T) -> Option<T>;
        }
        impl<T> IntoIterator for HashSet<T> { type Item = T; }
        impl<T> FromIterator<T> for HashSet<T> {}
        impl<T> Extend<T> for HashSet<T> {}

        pub struct BTreeSet<T>;
        impl<T> BTreeSet<T> {
            fn new() -> BTreeSet<T>;
            fn from(items: impl IntoIterator<Item = T>) -> BTreeSet<T>;
            fn len(&self) -> usize;
            fn is_empty(&self) -> bool;
            fn iter(&self) -> impl Iterator<Item = &T>;
            fn range<R>(&self, range: R) -> impl Iterator<Item = &T>;
            fn retain(&mut self, f: impl FnMut(&T) -> bool);
            fn clear(&mut self);
            fn difference(&self, other: &BTreeSet<T>) -> impl Iterator<Item = &T>;
            fn intersection(&self, other: &BTreeSet<T>) -> impl Iterator<Item = &T>;
            fn union(&self, other: &BTreeSet<T>) -> impl Iterator<Item = &T>;
            fn contains(&self, value: &T) -> bool;
            fn get(&self, value: &T) -> Option<&T>;
            fn insert(&mut self, value: T) -> bool;
            fn remove(&mut self, value: &T) -> bool;
            fn first(&self) -> Option<&T>;
            fn last(&self) -> Option<&T>;
            fn pop_first(&mut self) -> Option<T>;
            fn pop_last(&mut self) -> Option<T>;
        }
        impl<T> IntoIterator for BTreeSet<T> { type Item = T; }
        impl<T> FromIterator<T> for BTreeSet<T> {}
        impl<T> Extend<T> for BTreeSet<T> {}

        pub struct VecDeque<T>;
        impl<T> VecDeque<T> {
            fn new() -> VecDeque<T>;
            fn with_capacity(n: usize) -> VecDeque<T>;
            fn from(items: impl IntoIterator<Item = T>) -> VecDeque<T>;
            fn len(&self) -> usize;
            fn is_empty(&self) -> bool;
            fn get(&self, i: usize) -> Option<&T>;
            fn get_mut(&mut self, i: usize) -> Option<&mut T>;
            fn iter(&self) -> impl Iterator<Item = &T>;
            fn iter_mut(&mut self) -> impl Iterator<Item = &mut T>;
            fn drain<R>(&mut self, range: R) -> impl Iterator<Item = T>;
            fn retain(&mut self, f: impl FnMut(&T) -> bool);
            fn clear(&mut self);
            fn contains(&self, value: &T) -> bool;
            fn front(&self) -> Option<&T>;
            fn front_mut(&mut self) -> Option<&mut T>;
            fn back(&self) -> Option<&T>;
            fn back_mut(&mut self) -> Option<&mut T>;
            fn pop_front(&mut self) -> Option<T>;
            fn pop_back(&mut self) -> Option<T>;
            fn push_front(&mut self, value: T);
            fn push_back(&mut self, value: T);
            fn remove(&mut self, i: usize) -> Option<T>;
        }
        impl<T> IntoIterator for VecDeque<T> { type Item = T; }
        impl<T> FromIterator<T> for VecDeque<T> {}
        impl<T> Extend<T> for VecDeque<T> {}
        impl<T> Index for VecDeque<T> { type Output = T; }

        pub struct BinaryHeap<T>;
        impl<T> BinaryHeap<T> {
            fn new() -> BinaryHeap<T>;
            fn len(&self) -> usize;
            fn is_empty(&self) -> bool;
            fn push(&mut self, value: T);
            fn pop(&mut self) -> Option<T>;
            fn peek(&self) -> Option<&T>;
            fn iter(&self) -> impl Iterator<Item = &T>;
            fn into_sorted_vec(self) -> Vec<T>;
        }
        impl<T> IntoIterator for BinaryHeap<T> { type Item = T; }
        impl<T> FromIterator<T> for BinaryHeap<T> {}

        pub struct LinkedList<T>;
        impl<T> LinkedList<T> {
            fn new() -> LinkedList<T>;
            fn len(&self) -> usize;
            fn iter(&self) -> impl Iterator<Item = &T>;
            fn front(&self) -> Option<&T>;
            fn back(&self) -> Option<&T>;
            fn pop_front(&mut self) -> Option<T>;
            fn pop_back(&mut self) -> Option<T>;
            fn push_back(&mut self, value: T);
        }
        impl<T> IntoIterator for LinkedList<T> { type Item = T; }
        impl<T> FromIterator<T> for LinkedList<T> {}
    }

    pub mod string {
        pub struct String;
        impl String {
            fn new() -> String;
            fn with_capacity(n: usize) -> String;
            fn from<T>(text: T) -> String;
            fn from_utf8(bytes: Vec<u8>) -> Result<String, FromUtf8Error>;
            fn from_utf8_lossy(bytes: &[u8]) -> Cow<str>;
            fn as_str(&self) -> &str;
            fn as_mut_str(&mut self) -> &mut str;
            fn push(&mut self, c: char);
            fn push_str(&mut self, text: &str);
            fn pop(&mut self) -> Option<char>;
            fn insert(&mut self, at: usize, c: char);
            fn insert_str(&mut self, at: usize, text: &str);
            fn remove(&mut self, at: usize) -> char;
            fn truncate(&mut self, n: usize);
            fn clear(&mut self);
            fn capacity(&self) -> usize;
            fn into_bytes(self) -> Vec<u8>;
            fn into_boxed_str(self) -> Box<str>;
            fn drain<R>(&mut self, range: R) -> impl Iterator<Item = char>;
        }
        impl Deref for String { type Target = str; }
        impl AsRef for String { fn as_ref(&self) -> &str; }
        impl FromIterator<char> for String {}
        impl Clone for String { fn clone(&self) -> String; }
        impl<T> ToString for T { fn to_string(&self) -> String; }
        pub trait ToString { fn to_string(&self) -> String; }
        pub struct FromUtf8Error;
    }

    pub mod str {
        impl str {
            fn len(&self) -> usize;
            fn is_empty(&self) -> bool;
            fn as_bytes(&self) -> &[u8];
            fn as_ptr(&self) -> *const u8;
            fn as_str(&self) -> &str;
            fn chars(&self) -> impl Iterator<Item = char>;
            fn char_indices(&self) -> impl Iterator<Item = (usize, char)>;
            fn bytes(&self) -> impl Iterator<Item = u8>;
            fn lines(&self) -> impl Iterator<Item = &str>;
            fn split<P>(&self, by: P) -> impl Iterator<Item = &str>;
            fn rsplit<P>(&self, by: P) -> impl Iterator<Item = &str>;
            fn splitn<P>(&self, n: usize, by: P) -> impl Iterator<Item = &str>;
            fn rsplitn<P>(&self, n: usize, by: P) -> impl Iterator<Item = &str>;
            fn split_terminator<P>(&self, by: P) -> impl Iterator<Item = &str>;
            fn split_inclusive<P>(&self, by: P) -> impl Iterator<Item = &str>;
            fn split_whitespace(&self) -> impl Iterator<Item = &str>;
            fn split_ascii_whitespace(&self) -> impl Iterator<Item = &str>;
            fn matches<P>(&self, what: P) -> impl Iterator<Item = &str>;
            fn split_once<P>(&self, by: P) -> Option<(&str, &str)>;
            fn rsplit_once<P>(&self, by: P) -> Option<(&str, &str)>;
            fn split_at(&self, at: usize) -> (&str, &str);
            fn trim(&self) -> &str;
            fn trim_start(&self) -> &str;
            fn trim_end(&self) -> &str;
            fn trim_matches<P>(&self, what: P) -> &str;
            fn trim_start_matches<P>(&self, what: P) -> &str;
            fn trim_end_matches<P>(&self, what: P) -> &str;
            fn strip_prefix<P>(&self, prefix: P) -> Option<&str>;
            fn strip_suffix<P>(&self, suffix: P) -> Option<&str>;
            fn starts_with<P>(&self, prefix: P) -> bool;
            fn ends_with<P>(&self, suffix: P) -> bool;
            fn contains<P>(&self, what: P) -> bool;
            fn find<P>(&self, what: P) -> Option<usize>;
            fn rfind<P>(&self, what: P) -> Option<usize>;
            fn get<R>(&self, range: R) -> Option<&str>;
            fn parse<F: FromStr>(&self) -> Result<F, F::Err>;
            fn replace<P>(&self, from: P, to: &str) -> String;
            fn replacen<P>(&self, from: P, to: &str, n: usize) -> String;
            fn to_lowercase(&self) -> String;
            fn to_uppercase(&self) -> String;
            fn to_ascii_lowercase(&self) -> String;
            fn to_ascii_uppercase(&self) -> String;
            fn eq_ignore_ascii_case(&self, other: &str) -> bool;
            fn repeat(&self, n: usize) -> String;
            fn into_string(self) -> String;
        }
        impl ToOwned for str { fn to_owned(&self) -> String; }
        impl<T> FromStr for T { fn from_str(text: &str) -> Result<Self, T::Err>; }
        pub trait FromStr { type Err; fn from_str(text: &str) -> Result<Self, Self::Err>; }
        pub fn from_utf8(bytes: &[u8]) -> Result<&str, Utf8Error>;
        pub struct Utf8Error;
    }

    pub mod boxed {
        pub struct Box<T>;
        impl<T> Box<T> {
            fn new(value: T) -> Box<T>;
            fn from(value: T) -> Box<T>;
            fn pin(value: T) -> Pin<Box<T>>;
            fn leak(b: Box<T>) -> &mut T;
            fn into_raw(b: Box<T>) -> *mut T;
            fn from_raw(raw: *mut T) -> Box<T>;
            fn into_inner(b: Box<T>) -> T;
        }
        impl<T> Clone for Box<T> { fn clone(&self) -> Box<T>; }
        impl<T> AsRef for Box<T> { fn as_ref(&self) -> &T; }
        impl<T> AsMut for Box<T> { fn as_mut(&mut self) -> &mut T; }
        impl<T> Deref for Box<T> { type Target = T; }
    }

    pub mod rc {
        pub struct Rc<T>;
        impl<T> Rc<T> {
            fn new(value: T) -> Rc<T>;
            fn from(value: T) -> Rc<T>;
            fn clone(this: &Rc<T>) -> Rc<T>;
            fn downgrade(this: &Rc<T>) -> Weak<T>;
            fn ptr_eq(a: &Rc<T>, b: &Rc<T>) -> bool;
            fn try_unwrap(this: Rc<T>) -> Result<T, Rc<T>>;
            fn get_mut(this: &mut Rc<T>) -> Option<&mut T>;
            fn make_mut(this: &mut Rc<T>) -> &mut T;
            fn strong_count(this: &Rc<T>) -> usize;
        }
        impl<T> Clone for Rc<T> { fn clone(&self) -> Rc<T>; }
        impl<T> AsRef for Rc<T> { fn as_ref(&self) -> &T; }
        impl<T> Deref for Rc<T> { type Target = T; }
        pub struct Weak<T>;
        impl<T> Weak<T> { fn new() -> Weak<T>; fn upgrade(&self) -> Option<Rc<T>>; }
    }

    pub mod sync {
        pub struct Arc<T>;
        impl<T> Arc<T> {
            fn new(value: T) -> Arc<T>;
            fn from(value: T) -> Arc<T>;
            fn new_cyclic(f: impl FnOnce(&Weak<T>) -> T) -> Arc<T>;
            fn clone(this: &Arc<T>) -> Arc<T>;
            fn downgrade(this: &Arc<T>) -> Weak<T>;
            fn ptr_eq(a: &Arc<T>, b: &Arc<T>) -> bool;
            fn try_unwrap(this: Arc<T>) -> Result<T, Arc<T>>;
            fn into_inner(this: Arc<T>) -> Option<T>;
            fn unwrap_or_clone(this: Arc<T>) -> T;
            fn get_mut(this: &mut Arc<T>) -> Option<&mut T>;
            fn make_mut(this: &mut Arc<T>) -> &mut T;
            fn strong_count(this: &Arc<T>) -> usize;
            fn weak_count(this: &Arc<T>) -> usize;
            fn as_ptr(this: &Arc<T>) -> *const T;
        }
        impl<T> Clone for Arc<T> { fn clone(&self) -> Arc<T>; }
        impl<T> AsRef for Arc<T> { fn as_ref(&self) -> &T; }
        impl<T> Deref for Arc<T> { type Target = T; }
        pub struct Weak<T>;
        impl<T> Weak<T> { fn new() -> Weak<T>; fn upgrade(&self) -> Option<Arc<T>>; }

        pub struct Mutex<T>;
        impl<T> Mutex<T> {
            fn new(value: T) -> Mutex<T>;
            fn from(value: T) -> Mutex<T>;
            fn lock(&self) -> Result<MutexGuard<T>, PoisonError>;
            fn try_lock(&self) -> Result<MutexGuard<T>, TryLockError>;
            fn into_inner(self) -> Result<T, PoisonError>;
            fn get_mut(&mut self) -> Result<&mut T, PoisonError>;
        }
        pub struct RwLock<T>;
        impl<T> RwLock<T> {
            fn new(value: T) -> RwLock<T>;
            fn from(value: T) -> RwLock<T>;
            fn read(&self) -> Result<RwLockReadGuard<T>, PoisonError>;
            fn write(&self) -> Result<RwLockWriteGuard<T>, PoisonError>;
            fn try_read(&self) -> Result<RwLockReadGuard<T>, TryLockError>;
            fn try_write(&self) -> Result<RwLockWriteGuard<T>, TryLockError>;
            fn into_inner(self) -> Result<T, PoisonError>;
        }
        pub struct PoisonError;
        impl PoisonError { fn into_inner<G>(self) -> G; }
        pub struct TryLockError;
        pub struct MutexGuard<T>;
        pub struct RwLockReadGuard<T>;
        pub struct RwLockWriteGuard<T>;
        impl<T> Deref for MutexGuard<T> { type Target = T; }
        impl<T> Deref for RwLockReadGuard<T> { type Target = T; }
        impl<T> Deref for RwLockWriteGuard<T> { type Target = T; }

        pub struct OnceLock<T>;
        impl<T> OnceLock<T> {
            fn new() -> OnceLock<T>;
            fn get(&self) -> Option<&T>;
            fn get_mut(&mut self) -> Option<&mut T>;
            fn set(&self, value: T) -> Result<(), T>;
            fn get_or_init(&self, f: impl FnOnce() -> T) -> &T;
            fn into_inner(self) -> Option<T>;
            fn take(&mut self) -> Option<T>;
        }
        pub struct LazyLock<T>;
        impl<T> LazyLock<T> {
            fn new(f: impl FnOnce() -> T) -> LazyLock<T>;
            fn force(this: &LazyLock<T>) -> &T;
        }
        impl<T> Deref for LazyLock<T> { type Target = T; }

        pub mod mpsc {
            pub struct Sender<T>;
            impl<T> Sender<T> { fn send(&self, value: T) -> Result<(), SendError<T>>; }
            impl<T> Clone for Sender<T> { fn clone(&self) -> Sender<T>; }
            pub struct SyncSender<T>;
            impl<T> SyncSender<T> {
                fn send(&self, value: T) -> Result<(), SendError<T>>;
                fn try_send(&self, value: T) -> Result<(), TrySendError<T>>;
            }
            pub struct Receiver<T>;
            impl<T> Receiver<T> {
                fn recv(&self) -> Result<T, RecvError>;
                fn try_recv(&self) -> Result<T, TryRecvError>;
                fn recv_timeout(&self, limit: Duration) -> Result<T, RecvTimeoutError>;
                fn iter(&self) -> impl Iterator<Item = T>;
                fn try_iter(&self) -> impl Iterator<Item = T>;
            }
            impl<T> IntoIterator for Receiver<T> { type Item = T; }
            pub struct SendError<T>(T);
            pub enum TrySendError<T> { Full(T), Disconnected(T) }
            pub struct RecvError;
            pub enum TryRecvError { Empty, Disconnected }
            pub enum RecvTimeoutError { Timeout, Disconnected }
            pub fn channel<T>() -> (Sender<T>, Receiver<T>);
            pub fn sync_channel<T>(n: usize) -> (SyncSender<T>, Receiver<T>);
        }

        pub mod atomic {
            // Every atomic holds what its methods are asked with; what they give is a number or a bool.
            pub enum Ordering { Relaxed, Release, Acquire, AcqRel, SeqCst }
            pub struct AtomicBool;
            impl AtomicBool {
                fn new(value: bool) -> AtomicBool;
                fn load(&self, order: Ordering) -> bool;
                fn store(&self, value: bool, order: Ordering);
                fn swap(&self, value: bool, order: Ordering) -> bool;
                fn fetch_or(&self, value: bool, order: Ordering) -> bool;
                fn fetch_and(&self, value: bool, order: Ordering) -> bool;
                fn compare_exchange(&self, old: bool, new: bool, a: Ordering, b: Ordering) -> Result<bool, bool>;
            }
            pub struct AtomicUsize;
            impl AtomicUsize {
                fn new(value: usize) -> AtomicUsize;
                fn load(&self, order: Ordering) -> usize;
                fn store(&self, value: usize, order: Ordering);
                fn swap(&self, value: usize, order: Ordering) -> usize;
                fn fetch_add(&self, value: usize, order: Ordering) -> usize;
                fn fetch_sub(&self, value: usize, order: Ordering) -> usize;
            }
            pub struct AtomicU64;
            impl AtomicU64 {
                fn new(value: u64) -> AtomicU64;
                fn load(&self, order: Ordering) -> u64;
                fn store(&self, value: u64, order: Ordering);
                fn swap(&self, value: u64, order: Ordering) -> u64;
                fn fetch_add(&self, value: u64, order: Ordering) -> u64;
                fn fetch_sub(&self, value: u64, order: Ordering) -> u64;
            }
        }
    }

    pub mod cell {
        pub struct Cell<T>;
        impl<T> Cell<T> {
            fn new(value: T) -> Cell<T>;
            fn get(&self) -> T;
            fn set(&self, value: T);
            fn take(&self) -> T;
            fn replace(&self, value: T) -> T;
            fn into_inner(self) -> T;
        }
        pub struct RefCell<T>;
        impl<T> RefCell<T> {
            fn new(value: T) -> RefCell<T>;
            fn borrow(&self) -> Ref<T>;
            fn borrow_mut(&self) -> RefMut<T>;
            fn take(&self) -> T;
            fn replace(&self, value: T) -> T;
            fn into_inner(self) -> T;
        }
        pub struct Ref<T>;
        pub struct RefMut<T>;
        impl<T> Deref for Ref<T> { type Target = T; }
        impl<T> Deref for RefMut<T> { type Target = T; }
        pub struct OnceCell<T>;
        impl<T> OnceCell<T> {
            fn new() -> OnceCell<T>;
            fn get(&self) -> Option<&T>;
            fn set(&self, value: T) -> Result<(), T>;
            fn get_or_init(&self, f: impl FnOnce() -> T) -> &T;
            fn into_inner(self) -> Option<T>;
            fn take(&mut self) -> Option<T>;
        }
        pub struct LazyCell<T>;
        impl<T> LazyCell<T> { fn new(f: impl FnOnce() -> T) -> LazyCell<T>; }
        impl<T> Deref for LazyCell<T> { type Target = T; }
    }

    pub mod borrow {
        pub enum Cow<T> { Borrowed(&T), Owned(T) }
        impl<T> Cow<T> {
            fn from(value: &T) -> Cow<T>;
            fn into_owned(self) -> T::Owned where T: ToOwned;
            fn to_mut(&mut self) -> &mut T;
        }
        impl<T> Deref for Cow<T> { type Target = T; }
        pub trait ToOwned { type Owned; fn to_owned(&self) -> Self::Owned; }
        pub trait Borrow { fn borrow(&self) -> &Self; }
        pub trait BorrowMut { fn borrow_mut(&mut self) -> &mut Self; }
        impl<T> ToOwned for T { fn to_owned(&self) -> T; }
        impl<T> Borrow for T { fn borrow(&self) -> &T; }
        impl<T> BorrowMut for T { fn borrow_mut(&mut self) -> &mut T; }
    }

    pub mod pin {
        pub struct Pin<P>;
        impl<P> Pin<P> {
            fn new(pointer: P) -> Pin<P>;
            fn new_unchecked(pointer: P) -> Pin<P>;
            fn as_ref(&self) -> Pin<&P::Target> where P: Deref;
            fn as_mut(&mut self) -> Pin<&mut P::Target> where P: Deref;
            fn get_mut(self) -> P;
            fn get_ref(self) -> P;
            fn set(&mut self, value: P::Target) where P: Deref;
        }
        impl<P> Deref for Pin<P> { type Target = P; }
    }

    pub mod mem {
        pub struct ManuallyDrop<T>;
        impl<T> ManuallyDrop<T> { fn new(value: T) -> ManuallyDrop<T>; fn into_inner(this: ManuallyDrop<T>) -> T; }
        impl<T> Deref for ManuallyDrop<T> { type Target = T; }
        pub fn take<T>(of: &mut T) -> T;
        pub fn replace<T>(of: &mut T, by: T) -> T;
        pub fn swap<T>(a: &mut T, b: &mut T);
        pub fn drop<T>(value: T);
        pub fn forget<T>(value: T);
        pub fn size_of<T>() -> usize;
        pub fn align_of<T>() -> usize;
        pub fn size_of_val<T>(value: &T) -> usize;
    }

    pub mod future {
        pub trait Future { type Output; }
        pub trait IntoFuture { type Output; }
        pub fn ready<T>(value: T) -> impl Future<Output = T>;
        pub fn pending<T>() -> impl Future<Output = T>;
        pub fn poll_fn<T>(f: impl FnMut(&mut Context) -> Poll<T>) -> impl Future<Output = T>;
        impl<T> dyn Future<Output = T> {
            fn poll(self, context: &mut Context) -> Poll<T>;
            fn into_future(self) -> impl Future<Output = T>;
        }
    }

    pub mod task {
        pub enum Poll<T> { Ready(T), Pending }
        impl<T> Poll<T> {
            fn is_ready(&self) -> bool;
            fn is_pending(&self) -> bool;
            fn map<U>(self, f: impl FnOnce(T) -> U) -> Poll<U>;
        }
        impl<T, E> Poll<Result<T, E>> {
            fn map_ok<U>(self, f: impl FnOnce(T) -> U) -> Poll<Result<U, E>>;
            fn map_err<F>(self, f: impl FnOnce(E) -> F) -> Poll<Result<T, F>>;
        }
        impl<T, E> Try for Poll<Result<T, E>> { type Output = Poll<T>; }
        pub struct Context;
        impl Context { fn waker(&self) -> &Waker; fn from_waker(waker: &Waker) -> Context; }
        pub struct Waker;
        impl Waker { fn wake(self); fn wake_by_ref(&self); fn noop() -> &Waker; }
    }

    pub mod clone {
        pub trait Clone { fn clone(&self) -> Self; fn clone_from(&mut self, from: &Self); }
        impl<T> Clone for T { fn clone(&self) -> T; fn clone_from(&mut self, from: &T); }
    }

    pub mod convert {
        pub trait AsRef<T> { fn as_ref(&self) -> &T; }
        pub trait AsMut<T> { fn as_mut(&mut self) -> &mut T; }
        pub trait From<T> { fn from(value: T) -> Self; }
        pub trait Into<T> { fn into(self) -> T; }
        pub trait TryFrom<T> { type Error; fn try_from(value: T) -> Result<Self, Self::Error>; }
        pub trait TryInto<T> { type Error; fn try_into(self) -> Result<T, Self::Error>; }
        impl<T, U> AsRef<U> for T { fn as_ref(&self) -> &U; }
        impl<T, U> AsMut<U> for T { fn as_mut(&mut self) -> &mut U; }
        impl<T, U> From<U> for T { fn from(value: U) -> T; }
        impl<T, U> Into<U> for T { fn into(self) -> U; }
        impl<T, U, E> TryFrom<U> for T { fn try_from(value: U) -> Result<T, E>; }
        impl<T, U, E> TryInto<U> for T { fn try_into(self) -> Result<U, E>; }
        pub enum Infallible {}
    }

    pub mod default {
        pub trait Default { fn default() -> Self; }
        impl<T> Default for T { fn default() -> T; }
    }

    pub mod cmp {
        pub trait PartialEq { fn eq(&self, other: &Self) -> bool; fn ne(&self, other: &Self) -> bool; }
        pub trait Eq {}
        pub trait PartialOrd { fn partial_cmp(&self, other: &Self) -> Option<Ordering>; }
        pub trait Ord { fn cmp(&self, other: &Self) -> Ordering; }
        impl<T> PartialEq for T { fn eq(&self, other: &T) -> bool; fn ne(&self, other: &T) -> bool; }
        impl<T> PartialOrd for T {
            fn partial_cmp(&self, other: &T) -> Option<Ordering>;
            fn lt(&self, other: &T) -> bool;
            fn le(&self, other: &T) -> bool;
            fn gt(&self, other: &T) -> bool;
            fn ge(&self, other: &T) -> bool;
        }
        impl<T> Ord for T {
            fn cmp(&self, other: &T) -> Ordering;
            fn max(self, other: T) -> T;
            fn min(self, other: T) -> T;
            fn clamp(self, low: T, high: T) -> T;
        }
        pub enum Ordering { Less, Equal, Greater }
        impl Ordering {
            fn is_eq(self) -> bool;
            fn is_ne(self) -> bool;
            fn is_lt(self) -> bool;
            fn is_gt(self) -> bool;
            fn reverse(self) -> Ordering;
            fn then(self, other: Ordering) -> Ordering;
            fn then_with(self, f: impl FnOnce() -> Ordering) -> Ordering;
        }
        pub struct Reverse<T>(T);
        pub fn max<T>(a: T, b: T) -> T;
        pub fn min<T>(a: T, b: T) -> T;
    }

    pub mod hash {
        pub trait Hash { fn hash<H>(&self, state: &mut H); }
        pub trait Hasher { fn finish(&self) -> u64; }
        impl<T> Hash for T { fn hash<H>(&self, state: &mut H); }
    }

    pub mod fmt {
        pub trait Debug { fn fmt(&self, f: &mut Formatter) -> Result; }
        pub trait Display { fn fmt(&self, f: &mut Formatter) -> Result; }
        impl<T> Debug for T { fn fmt(&self, f: &mut Formatter) -> Result; }
        pub struct Error;
        pub type Result<T = (), E = Error> = std::result::Result<T, E>;
        pub struct Formatter;
        impl Formatter {
            fn write_str(&mut self, text: &str) -> Result;
            fn write_fmt(&mut self, text: Arguments) -> Result;
            fn alternate(&self) -> bool;
        }
        pub struct Arguments;
    }

    pub mod error {
        pub trait Error { fn source(&self) -> Option<&dyn Error>; }
    }

    pub mod marker {
        pub trait Copy {}
        pub trait Send {}
        pub trait Sized {}
        pub trait Sync {}
        pub trait Unpin {}
        pub struct PhantomData<T>;
    }

    // What every number has; Self is the number.
    pub mod num {
        impl<T> Number for T {
            fn saturating_sub(self, other: T) -> T;
            fn saturating_add(self, other: T) -> T;
            fn saturating_mul(self, other: T) -> T;
            fn wrapping_add(self, other: T) -> T;
            fn wrapping_sub(self, other: T) -> T;
            fn checked_add(self, other: T) -> Option<T>;
            fn checked_sub(self, other: T) -> Option<T>;
            fn checked_mul(self, other: T) -> Option<T>;
            fn checked_div(self, other: T) -> Option<T>;
            fn abs(self) -> T;
            fn pow(self, n: u32) -> T;
            fn min_value() -> T;
            fn max_value() -> T;
        }
    }

    pub mod primitive {
        impl bool {
            fn then<T>(self, f: impl FnOnce() -> T) -> Option<T>;
            fn then_some<T>(self, value: T) -> Option<T>;
        }
    }

    pub mod time {
        pub struct Duration;
        impl Duration {
            fn new(seconds: u64, nanoseconds: u32) -> Duration;
            fn from_secs(n: u64) -> Duration;
            fn from_millis(n: u64) -> Duration;
            fn from_micros(n: u64) -> Duration;
            fn from_nanos(n: u64) -> Duration;
            fn from_secs_f64(n: f64) -> Duration;
            fn as_secs(&self) -> u64;
            fn as_millis(&self) -> u128;
            fn as_micros(&self) -> u128;
            fn as_nanos(&self) -> u128;
            fn as_secs_f64(&self) -> f64;
            fn as_secs_f32(&self) -> f32;
            fn subsec_nanos(&self) -> u32;
            fn is_zero(&self) -> bool;
            fn mul_f64(self, by: f64) -> Duration;
        }
        pub struct Instant;
        impl Instant {
            fn now() -> Instant;
            fn elapsed(&self) -> Duration;
            fn duration_since(&self, earlier: Instant) -> Duration;
            fn checked_add(&self, by: Duration) -> Option<Instant>;
        }
        pub struct SystemTime;
        impl SystemTime {
            fn now() -> SystemTime;
            fn elapsed(&self) -> Result<Duration, SystemTimeError>;
            fn duration_since(&self, earlier: SystemTime) -> Result<Duration, SystemTimeError>;
            fn checked_add(&self, by: Duration) -> Option<SystemTime>;
            fn checked_sub(&self, by: Duration) -> Option<SystemTime>;
        }
        pub struct SystemTimeError;
    }

    pub mod io {
        pub struct Error;
        impl Error {
            fn new<E>(kind: ErrorKind, error: E) -> Error;
            fn other<E>(error: E) -> Error;
            fn last_os_error() -> Error;
            fn kind(&self) -> ErrorKind;
            fn raw_os_error(&self) -> Option<i32>;
        }
        pub enum ErrorKind {}
        pub type Result<T> = std::result::Result<T, Error>;
        pub trait Read {
            fn read(&mut self, into: &mut [u8]) -> Result<usize>;
            fn read_to_end(&mut self, into: &mut Vec<u8>) -> Result<usize>;
            fn read_to_string(&mut self, into: &mut String) -> Result<usize>;
            fn read_exact(&mut self, into: &mut [u8]) -> Result<()>;
        }
        pub trait Write {
            fn write(&mut self, from: &[u8]) -> Result<usize>;
            fn write_all(&mut self, from: &[u8]) -> Result<()>;
            fn flush(&mut self) -> Result<()>;
        }
        pub trait BufRead { fn lines(self) -> impl Iterator<Item = Result<String>>; }
    }

    pub mod env {
        pub fn args() -> impl Iterator<Item = String>;
        pub fn vars() -> impl Iterator<Item = (String, String)>;
        pub fn var<K>(name: K) -> Result<String, VarError>;
        pub enum VarError { NotPresent, NotUnicode(String) }
        pub fn current_dir() -> std::io::Result<std::path::PathBuf>;
    }

    pub mod thread {
        pub struct JoinHandle<T>;
        impl<T> JoinHandle<T> {
            fn join(self) -> Result<T>;
            fn is_finished(&self) -> bool;
        }
        pub type Result<T> = std::result::Result<T, Box<dyn std::any::Any>>;
        pub fn spawn<T>(f: impl FnOnce() -> T) -> JoinHandle<T>;
        pub fn sleep(time: Duration);
        pub struct LocalKey<T>;
        impl<T> LocalKey<T> { fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R; }
    }

    pub mod panic {
        pub struct AssertUnwindSafe<T>(T);
        pub fn catch_unwind<R>(f: impl FnOnce() -> R) -> std::thread::Result<R>;
        impl<T> Deref for AssertUnwindSafe<T> { type Target = T; }
    }

    pub mod any {
        pub trait Any {}
        pub fn type_name<T>() -> &str;
    }

    pub mod path {
        pub struct Path;
        pub struct PathBuf;
        impl Deref for PathBuf { type Target = Path; }
        impl PathBuf { fn new() -> PathBuf; fn push<P>(&mut self, part: P); fn as_path(&self) -> &Path; }
        impl Path {
            fn new<P>(path: P) -> &Path;
            fn join<P>(&self, part: P) -> PathBuf;
            fn parent(&self) -> Option<&Path>;
            fn exists(&self) -> bool;
            fn to_path_buf(&self) -> PathBuf;
            fn to_str(&self) -> Option<&str>;
            fn to_string_lossy(&self) -> Cow<str>;
            fn is_file(&self) -> bool;
            fn is_dir(&self) -> bool;
        }
    }

    pub mod net {
        pub enum IpAddr { V4(Ipv4Addr), V6(Ipv6Addr) }
        pub enum SocketAddr { V4(SocketAddrV4), V6(SocketAddrV6) }
        pub struct Ipv4Addr;
        pub struct Ipv6Addr;
        pub struct SocketAddrV4;
        pub struct SocketAddrV6;
        impl SocketAddr {
            fn new(ip: IpAddr, port: u16) -> SocketAddr;
            fn ip(&self) -> IpAddr;
            fn port(&self) -> u16;
            fn set_ip(&mut self, ip: IpAddr);
            fn set_port(&mut self, port: u16);
            fn is_ipv4(&self) -> bool;
            fn is_ipv6(&self) -> bool;
        }
        impl IpAddr {
            fn is_ipv4(&self) -> bool;
            fn is_ipv6(&self) -> bool;
            fn is_loopback(&self) -> bool;
            fn is_unspecified(&self) -> bool;
            fn to_canonical(&self) -> IpAddr;
        }
    }
}

mod core { pub use std::*; }
mod alloc { pub use std::*; }
