#pragma once

namespace Envoylet {

/**
 * Marks a virtual function that a derived class must implement. It reads better than `= 0` at the
 * end of a long declaration, and it can be searched for.
 */
#define PURE = 0

} // namespace Envoylet
