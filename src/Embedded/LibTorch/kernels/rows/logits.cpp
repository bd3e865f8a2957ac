#include "arithmetic.h"
#include "passes.h"

namespace mos::instructions::MOS_INSTRUCTIONS {

namespace {

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

}  // namespace

void exponentiate(float* z, const float* bias, int64_t size, float* maximum, float* sum) {
    const float top = add_bias(z, bias, size);
    *maximum = top;
    *sum = apply(z, size, [top](float logit) { return exp_below(logit - top); });
}

// exp(f(z)) = exp(z) sigmoid(z), where sigmoid(z) = exp(z) / (1 + exp(z)) if z < 0; f rises with z.
void exponentiate_sigmoid(float* z, const float* bias, int64_t size, float* maximum, float* sum) {
    const float largest = add_bias(z, bias, size);
    const float top = largest + (largest < 0 ? largest : 0) - __builtin_log1pf(__builtin_expf(-magnitude(largest)));
    *maximum = top;
    *sum = apply(z, size, [top](float logit) {
        return exp_below((logit < 0 ? 2 * logit : logit) - top) / (1.0f + exp_below(-magnitude(logit)));
    });
}

// With e = exp(f(z)) and u = exp(z), e = u^2 / (1 + u), so u = (e + sqrt(e (e + 4))) / 2, and f'(z) = 1 + 1 / (1 + u).
void differentiate_sigmoid(float* exponentials, float maximum, int64_t size) {
    // Where e is beyond float, f' is 1 already; where it is below, 2.
    const float unit = __builtin_expf(maximum < 80 ? maximum : 80.0f);
    for (int64_t v = 0; v < size; v++) {
        const float e = exponentials[v] * unit;
        const float u = 0.5f * (e + __builtin_sqrtf(e) * __builtin_sqrtf(e + 4));
        exponentials[v] += exponentials[v] / (1.0f + u);
    }
}

void scale(float* z, float factor, int64_t size, float* column_sums) {
    for (int64_t v = 0; v < size; v++) column_sums[v] += z[v] *= factor;
}

void scale_to_bfloat16(const float* z, float factor, int64_t size, float* column_sums, uint16_t* rounded) {
    for (int64_t v = 0; v < size; v++) {
        const float scaled = z[v] * factor;
        column_sums[v] += scaled;
        uint32_t bits;
        std::memcpy(&bits, &scaled, sizeof bits);
        // To the nearest, to even in the middle.
        rounded[v] = static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
    }
}

}  // namespace mos::instructions::MOS_INSTRUCTIONS
