// Vectorised passes over one row of logits, compiled for several instruction sets; the processor's own is chosen at
// load time.
#pragma once

#include <cstdint>

namespace mos {

// Adds the bias to a row of logits z, and turns it into exp(z - max z). The maximum and the sum of the exponentials
// come back.
void exponentiate_row(float* z, const float* bias, int64_t size, float* maximum, float* sum);

// Multiplies a row by a number.
void scale_row(float* z, float factor, int64_t size);

}  // namespace mos
