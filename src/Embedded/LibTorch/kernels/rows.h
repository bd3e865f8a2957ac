// Vectorised passes over one row of numbers.
#pragma once

#include <cstdint>

namespace mos {

struct RowPasses {
    // Adds the bias to a row of logits z, and turns it into exp(z - max z); the maximum and the sum of the exponentials
    // come back.
    void (*exponentiate)(float* z, const float* bias, int64_t size, float* maximum, float* sum);

    // The same for sigsoftmax, with f(z) = z + log sigmoid(z) for z.
    void (*exponentiate_sigmoid)(float* z, const float* bias, int64_t size, float* maximum, float* sum);

    // Multiplies each exp(f(z) - maximum) of a row by f'(z).
    void (*differentiate_sigmoid)(float* exponentials, float maximum, int64_t size);

    // Multiplies a row by a number, and adds the result to the sums of the columns.
    void (*scale)(float* z, float factor, int64_t size, float* column_sums);

    // The same, with the result rounded to bfloat16 in a row of its own.
    void (*scale_to_bfloat16)(const float* z, float factor, int64_t size, float* column_sums, uint16_t* rounded);

    // One step of an LSTM with so many cells. gates: rows i, f, g, o beside each other, sums in, activations out.
    void (*lstm_forward)(float* gates, const float* bias, const float* cell_before, float* cell, float* hidden,
                         int64_t cells);

    // Its gradient. grad_cell: that by the cell in, that by the cell before out.
    void (*lstm_backward)(const float* gates, const float* cell_before, const float* cell, const float* grad_hidden,
                          float* grad_cell, float* grad_gates, int64_t cells);

    // A row of a mask from the numbers of a random sequence: 0 where a number of 32 bits is below `dropped`, else `kept`.
    void (*dropout)(uint64_t seed, uint64_t sequence, uint32_t dropped, float kept, float* mask, int64_t size);
};

// Those compiled for the best instruction set that this processor has.
const RowPasses& row_passes();

}  // namespace mos
