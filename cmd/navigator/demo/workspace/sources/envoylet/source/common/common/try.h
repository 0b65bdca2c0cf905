#pragma once

#include <stdexcept>
#include <string>

namespace Envoylet {

/**
 * The configuration makes no sense. Only thrown while the proxy starts.
 */
class ConfigError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// Exceptions are for start-up alone: a worker that handles traffic returns its errors. These macros
// make every `try` say on which side it stands, and a search for them finds all the places.

// The code runs once, while the proxy starts.
#define TRY_AT_STARTUP try

// The code calls a library that throws, on the path of traffic. Each use needs a reason beside it.
#define TRY_NEEDS_REASON try

// Ends what a TRY_… macro began, so that the beginning and the handlers can be told apart.
#define END_TRY

// Handles an exception. The body is an argument, so it must not hold commas outside parentheses.
#define CATCH(EXCEPTION, HANDLER) catch (EXCEPTION) HANDLER

} // namespace Envoylet
