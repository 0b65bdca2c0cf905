#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// A test framework in one header: enough to write tests that read as tests do elsewhere. Link the
// test files with a main() that returns MiniTest::runAll().

namespace Envoylet {
namespace MiniTest {

struct TestCase {
  std::string name;
  std::function<void()> body;
};

inline std::vector<TestCase>& allTests() {
  static std::vector<TestCase> tests;
  return tests;
}

inline int& failures() {
  static int count = 0;
  return count;
}

inline bool registerTest(const char* suite, const char* name, std::function<void()> body) {
  allTests().push_back({std::string(suite) + "." + name, std::move(body)});
  return true;
}

inline void fail(const char* file, int line, const char* what) {
  failures()++;
  std::printf("%s:%d: failed: %s\n", file, line, what);
}

inline int runAll() {
  for (const TestCase& test : allTests()) {
    std::printf("%s\n", test.name.c_str());
    test.body();
  }
  return failures() == 0 ? 0 : 1;
}

class Test {
public:
  virtual ~Test() = default;
};

/**
 * What a mocked function remembers: how often it was called, and what it answers.
 */
template <class R> class Mocked {
public:
  R call() {
    calls_++;
    return answer_ ? answer_() : R{};
  }
  void willAnswer(std::function<R()> answer) { answer_ = std::move(answer); }
  int calls() const { return calls_; };

private:
  int calls_{0};
  std::function<R()> answer_;
};

// A reference has no default, so the answer must be given before the call.
template <class R> class Mocked<R&> {
public:
  R& call() {
    calls_++;
    return *answer_;
  }
  void willAnswer(R& answer) { answer_ = &answer; }
  int calls() const { return calls_; };

private:
  int calls_{0};
  R* answer_{nullptr};
};

template <> class Mocked<void> {
public:
  void call() { calls_++; }
  int calls() const { return calls_; };

private:
  int calls_{0};
};

} // namespace MiniTest
} // namespace Envoylet

#define MINI_TEST_CLASS(SUITE, NAME, BASE)                                                         \
  class SUITE##_##NAME##_Test : public BASE {                                                      \
  public:                                                                                          \
    void body();                                                                                   \
  };                                                                                               \
  static const bool SUITE##_##NAME##_registered = ::Envoylet::MiniTest::registerTest(              \
      #SUITE, #NAME, [] { SUITE##_##NAME##_Test().body(); });                                      \
  void SUITE##_##NAME##_Test::body()

#define TEST(SUITE, NAME) MINI_TEST_CLASS(SUITE, NAME, ::Envoylet::MiniTest::Test)
#define TEST_F(FIXTURE, NAME) MINI_TEST_CLASS(FIXTURE, NAME, FIXTURE)

#define EXPECT_TRUE(CONDITION)                                                                     \
  do {                                                                                             \
    if (!(CONDITION)) {                                                                            \
      ::Envoylet::MiniTest::fail(__FILE__, __LINE__, #CONDITION);                                  \
    }                                                                                              \
  } while (0)
#define EXPECT_FALSE(CONDITION) EXPECT_TRUE(!(CONDITION))
#define EXPECT_EQ(A, B) EXPECT_TRUE((A) == (B))
#define EXPECT_NE(A, B) EXPECT_TRUE((A) != (B))
#define EXPECT_THAT(VALUE, MATCHER) EXPECT_TRUE((MATCHER)(VALUE))

// Defines a matcher with a parameter. The body looks at `arg` and returns whether it matches.
#define MATCHER_P(NAME, PARAMETER, DESCRIPTION)                                                    \
  template <class P> struct NAME##Matcher {                                                        \
    P PARAMETER;                                                                                   \
    static const char* description() { return DESCRIPTION; }                                       \
    template <class Arg> bool operator()(const Arg& arg) const;                                    \
  };                                                                                               \
  template <class P> NAME##Matcher<P> NAME(P value) { return {value}; }                            \
  template <class P>                                                                               \
  template <class Arg>                                                                             \
  bool NAME##Matcher<P>::operator()(const Arg& arg) const

#define MINI_PICK_THIRD(A, B, C, ...) C
#define MINI_ONE_QUALIFIER(A) A
#define MINI_TWO_QUALIFIERS(A, B) A B
#define MINI_QUALIFIERS(...)                                                                       \
  MINI_PICK_THIRD(__VA_ARGS__, MINI_TWO_QUALIFIERS, MINI_ONE_QUALIFIER)(__VA_ARGS__)

// Implements a virtual function that counts its calls: MOCK_METHOD(R, name, (Args...), (const)).
// The test sets the answer with mock_name_.willAnswer(…).
#define MOCK_METHOD(R, NAME, ARGUMENTS, QUALIFIERS)                                                \
  R NAME ARGUMENTS MINI_QUALIFIERS QUALIFIERS { return mock_##NAME##_.call(); }                    \
  mutable ::Envoylet::MiniTest::Mocked<R> mock_##NAME##_
