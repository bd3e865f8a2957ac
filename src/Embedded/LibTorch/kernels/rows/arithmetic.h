// What the passes compute with. It is compiled once for each instruction set, which MOS_INSTRUCTIONS names, in a namespace of that
// name. No template of the standard library is used in these files: the linker keeps one copy of such a function, and it might
// be the one that this processor cannot run.
#pragma once

#include <cstdint>
#include <cstring>

namespace mos::instructions::MOS_INSTRUCTIONS {

// So many running maxima and sums, because a compiler may not reorder floating-point sums by itself.
constexpr int64_t lanes = 32;

inline float magnitude(float x) { return x < 0 ? -x : x; }

// exp of a number that is at most a little above zero, to about one unit in the last place; 1.2e-38 at least.
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

}  // namespace mos::instructions::MOS_INSTRUCTIONS
