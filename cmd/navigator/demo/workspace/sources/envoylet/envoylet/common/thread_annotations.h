#pragma once

// Attributes that Clang's thread safety analysis checks at compile time. Other compilers see
// nothing, so the macros may stand everywhere.

#if defined(__clang__)
#define ENVOYLET_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define ENVOYLET_THREAD_ATTRIBUTE(x)
#endif

// The member may only be touched while the mutex is held.
#define ABSL_GUARDED_BY(mutex) ENVOYLET_THREAD_ATTRIBUTE(guarded_by(mutex))

// What the member points to may only be touched while the mutex is held.
#define ABSL_PT_GUARDED_BY(mutex) ENVOYLET_THREAD_ATTRIBUTE(pt_guarded_by(mutex))

// The caller must hold the mutex.
#define ABSL_EXCLUSIVE_LOCKS_REQUIRED(...)                                                         \
  ENVOYLET_THREAD_ATTRIBUTE(exclusive_locks_required(__VA_ARGS__))

// The caller must not hold the mutex: the function takes it by itself.
#define ABSL_LOCKS_EXCLUDED(...) ENVOYLET_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))

// The result must be used.
#define ABSL_MUST_USE_RESULT __attribute__((warn_unused_result))
