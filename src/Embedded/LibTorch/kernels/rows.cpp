// Compiled once for each instruction set, which MOS_INSTRUCTIONS names. No template of the standard library is used
// here: the linker keeps one copy of such a function, and it might be the one that this processor cannot run.
#include "rows.h"

#include <cstring>

namespace mos {
namespace {

// So many running maxima and sums, because a compiler may not reorder floating-point sums by itself.
constexpr int64_t lanes = 32;

// exp of a number that is not positive, to about one unit in the last place; results below 1.2e-38 come out as that.
inline float exp_of_nonpositive(float x) {
    x = x < -87.0f ? -87.0f : x;
    // Adding and taking away 1.5 * 2^23 rounds to the nearest whole number.
    const float whole = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
    float rest = x - whole * 0.693359375f;
    rest -= whole * -2.12194440e-4f;
    // A minimax polynomial for exp on [-ln 2 / 2, ln 2 / 2].
    float power = 1.9875691500e-4f;
    power = power * rest + 1.3981999507e-3f;
    power = power * rest + 8.3334519073e-3f;
    power = power * rest + 4.1665795894e-2f;
    power = power * rest + 1.6666665459e-1f;
    power = power * rest + 5.0000001201e-1f;
    power = power * rest * rest + rest + 1.0f;
    const int32_t exponent = (static_cast<int32_t>(whole) + 127) << 23;
    float scale;
    std::memcpy(&scale, &exponent, sizeof scale);
    return power * scale;
}

void exponentiate_row(float* z, const float* bias, int64_t size, float* maximum, float* sum) {
    float largest[lanes];
    for (float& lane : largest) lane = -__builtin_inff();
    const int64_t whole = size - size % lanes;
    for (int64_t start = 0; start < whole; start += lanes)
        for (int64_t i = 0; i < lanes; i++) {
            const float logit = z[start + i] + bias[start + i];
            z[start + i] = logit;
            largest[i] = largest[i] < logit ? logit : largest[i];
        }
    for (int64_t v = whole; v < size; v++) {
        z[v] += bias[v];
        largest[0] = largest[0] < z[v] ? z[v] : largest[0];
    }
    float top = largest[0];
    for (float lane : largest) top = top < lane ? lane : top;

    float partial[lanes] = {};
    for (int64_t start = 0; start < whole; start += lanes)
        for (int64_t i = 0; i < lanes; i++) {
            const float exponential = exp_of_nonpositive(z[start + i] - top);
            z[start + i] = exponential;
            partial[i] += exponential;
        }
    float total = 0;
    for (int64_t v = whole; v < size; v++) total += z[v] = exp_of_nonpositive(z[v] - top);
    for (float part : partial) total += part;
    *maximum = top;
    *sum = total;
}

void scale_row(float* z, float factor, int64_t size) {
    for (int64_t v = 0; v < size; v++) z[v] *= factor;
}

}  // namespace

extern const RowPasses MOS_INSTRUCTIONS{exponentiate_row, scale_row};

}  // namespace mos
