// Compiled once for each instruction set, which MOS_INSTRUCTIONS names. No template of the standard library is used
// here: the linker keeps one copy of such a function, and it might be the one that this processor cannot run.
#include "rows.h"

#include <cstring>

namespace mos {
namespace {

// So many running maxima and sums, because a compiler may not reorder floating-point sums by itself.
constexpr int64_t lanes = 32;

// exp of a number that is at most a little above zero, to about one unit in the last place; results below 1.2e-38 come out as
// that.
inline float exp_below(float x) {
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

inline float magnitude(float x) { return x < 0 ? -x : x; }

// Adds the bias to the logits; the largest of them.
inline float add_bias(float* z, const float* bias, int64_t size) {
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
    return top;
}

// Puts a function of the logit in the place of each; the sum.
template <typename Function>
inline float apply(float* z, int64_t size, Function function) {
    float partial[lanes] = {};
    const int64_t whole = size - size % lanes;
    for (int64_t start = 0; start < whole; start += lanes)
        for (int64_t i = 0; i < lanes; i++) {
            const float value = function(z[start + i]);
            z[start + i] = value;
            partial[i] += value;
        }
    float total = 0;
    for (int64_t v = whole; v < size; v++) total += z[v] = function(z[v]);
    for (float part : partial) total += part;
    return total;
}

void exponentiate_row(float* z, const float* bias, int64_t size, float* maximum, float* sum) {
    const float top = add_bias(z, bias, size);
    *maximum = top;
    *sum = apply(z, size, [top](float logit) { return exp_below(logit - top); });
}

// exp(f(z)) = exp(z) sigmoid(z), where sigmoid(z) = exp(z) / (1 + exp(z)) if z < 0; f rises with z.
void exponentiate_sigmoid_row(float* z, const float* bias, int64_t size, float* maximum, float* sum) {
    const float largest = add_bias(z, bias, size);
    const float top = largest + (largest < 0 ? largest : 0) - __builtin_log1pf(__builtin_expf(-magnitude(largest)));
    *maximum = top;
    *sum = apply(z, size, [top](float logit) {
        return exp_below((logit < 0 ? 2 * logit : logit) - top) / (1.0f + exp_below(-magnitude(logit)));
    });
}

// With e = exp(f(z)) and u = exp(z), e = u^2 / (1 + u), so u = (e + sqrt(e (e + 4))) / 2, and f'(z) = 1 + 1 / (1 + u).
void differentiate_sigmoid_row(float* exponentials, float maximum, int64_t size) {
    // Where e is beyond float, f' is 1 already; where it is below, 2.
    const float unit = __builtin_expf(maximum < 80 ? maximum : 80.0f);
    for (int64_t v = 0; v < size; v++) {
        const float e = exponentials[v] * unit;
        const float u = 0.5f * (e + __builtin_sqrtf(e) * __builtin_sqrtf(e + 4));
        exponentials[v] += exponentials[v] / (1.0f + u);
    }
}

void scale_row(float* z, float factor, int64_t size, float* column_sums) {
    for (int64_t v = 0; v < size; v++) column_sums[v] += z[v] *= factor;
}

void scale_row_to_bfloat16(const float* z, float factor, int64_t size, float* column_sums, uint16_t* rounded) {
    for (int64_t v = 0; v < size; v++) {
        const float scaled = z[v] * factor;
        column_sums[v] += scaled;
        uint32_t bits;
        std::memcpy(&bits, &scaled, sizeof bits);
        // To the nearest, to even in the middle.
        rounded[v] = static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
    }
}

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

// The pointers are restricted, because a compiler does not look through as many possible overlaps before it vectorises.
void lstm_forward_row(float* __restrict gates, const float* __restrict bias, const float* __restrict cell_before,
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

void lstm_backward_row(const float* __restrict gates, const float* __restrict cell_before,
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

// Philox4x32 of 10 rounds (Salmon et al., 2011), `lanes` counters side by side.
void philox(uint64_t seed, uint64_t sequence, uint64_t counter, uint32_t (*x)[lanes]) {
    for (int64_t i = 0; i < lanes; i++) {
        x[0][i] = static_cast<uint32_t>(counter + i);
        x[1][i] = static_cast<uint32_t>((counter + i) >> 32);
        x[2][i] = static_cast<uint32_t>(sequence);
        x[3][i] = static_cast<uint32_t>(sequence >> 32);
    }
    uint32_t low_key = static_cast<uint32_t>(seed), high_key = static_cast<uint32_t>(seed >> 32);
    for (int round = 0; round < 10; round++) {
        for (int64_t i = 0; i < lanes; i++) {
            const uint64_t first = uint64_t{0xD2511F53} * x[0][i], second = uint64_t{0xCD9E8D57} * x[2][i];
            x[0][i] = static_cast<uint32_t>(second >> 32) ^ x[1][i] ^ low_key;
            x[2][i] = static_cast<uint32_t>(first >> 32) ^ x[3][i] ^ high_key;
            x[1][i] = static_cast<uint32_t>(second);
            x[3][i] = static_cast<uint32_t>(first);
        }
        low_key += 0x9E3779B9;
        high_key += 0xBB67AE85;
    }
}

void dropout_row(uint64_t seed, uint64_t sequence, uint32_t dropped, float kept, float* mask, int64_t size) {
    uint32_t x[4][lanes];
    for (int64_t start = 0; start < size; start += 4 * lanes) {
        philox(seed, sequence, start / 4, x);
        float row[4 * lanes];
        for (int64_t i = 0; i < lanes; i++)
            for (int64_t j = 0; j < 4; j++) row[4 * i + j] = x[j][i] < dropped ? 0.0f : kept;
        const int64_t left = size - start;
        std::memcpy(mask + start, row, (left < 4 * lanes ? left : 4 * lanes) * sizeof(float));
    }
}

}  // namespace

extern const RowPasses MOS_INSTRUCTIONS{
    exponentiate_row,      exponentiate_sigmoid_row, differentiate_sigmoid_row, scale_row,
    scale_row_to_bfloat16, lstm_forward_row,         lstm_backward_row,         dropout_row};

}  // namespace mos
