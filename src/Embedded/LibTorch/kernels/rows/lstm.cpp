#include "arithmetic.h"
#include "passes.h"

namespace mos::instructions::MOS_INSTRUCTIONS {

namespace {

inline float sigmoid(float x) {
    const float power = exp_below(-magnitude(x));
    return (x < 0 ? power : 1.0f) / (1.0f + power);
}

inline float tanh_of(float x) {
    // Near zero the difference below would lose digits; there the series of tanh is short.
    const float square = x * x;
    float series = 2.1869488e-2f;
    series = series * square - 5.3968254e-2f;
    series = series * square + 1.3333333e-1f;
    series = series * square - 3.3333333e-1f;
    series = series * square * x + x;
    const float power = exp_below(-2.0f * magnitude(x));
    const float ratio = (1.0f - power) / (1.0f + power);
    return magnitude(x) < 0.25f ? series : x < 0 ? -ratio : ratio;
}

}  // namespace

// The pointers are restricted, because a compiler does not look through as many possible overlaps before it vectorises.
void lstm_forward(float* __restrict gates, const float* __restrict bias, const float* __restrict cell_before,
                  float* __restrict cell, float* __restrict hidden, int64_t cells) {
    for (int64_t j = 0; j < cells; j++) {
        const float input = sigmoid(gates[j] + bias[j]);
        const float forget = sigmoid(gates[cells + j] + bias[cells + j]);
        const float candidate = tanh_of(gates[2 * cells + j] + bias[2 * cells + j]);
        const float output = sigmoid(gates[3 * cells + j] + bias[3 * cells + j]);
        const float c = forget * cell_before[j] + input * candidate;
        gates[j] = input;
        gates[cells + j] = forget;
        gates[2 * cells + j] = candidate;
        gates[3 * cells + j] = output;
        cell[j] = c;
        hidden[j] = output * tanh_of(c);
    }
}

void lstm_backward(const float* __restrict gates, const float* __restrict cell_before,
                   const float* __restrict cell, const float* __restrict grad_hidden,
                   float* __restrict grad_cell, float* __restrict grad_gates, int64_t cells) {
    for (int64_t j = 0; j < cells; j++) {
        const float input = gates[j], forget = gates[cells + j];
        const float candidate = gates[2 * cells + j], output = gates[3 * cells + j];
        const float squashed = tanh_of(cell[j]);
        const float grad = grad_cell[j] + grad_hidden[j] * output * (1 - squashed * squashed);
        grad_gates[j] = grad * candidate * input * (1 - input);
        grad_gates[cells + j] = grad * cell_before[j] * forget * (1 - forget);
        grad_gates[2 * cells + j] = grad * input * (1 - candidate * candidate);
        grad_gates[3 * cells + j] = grad_hidden[j] * squashed * output * (1 - output);
        grad_cell[j] = grad * forget;
    }
}

}  // namespace mos::instructions::MOS_INSTRUCTIONS
