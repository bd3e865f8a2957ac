// Vectorised passes over one row of logits.
#pragma once

#include <cstdint>

namespace mos {

struct RowPasses {
    // Adds the bias to a row of logits z, and turns it into exp(z - max z); the maximum and the sum of the exponentials
    // come back.
    void (*exponentiate)(float* z, const float* bias, int64_t size, float* maximum, float* sum);

    // Multiplies a row by a number.
    void (*scale)(float* z, float factor, int64_t size);
};

// Those compiled for the best instruction set that this processor has.
const RowPasses& row_passes();

}  // namespace mos
