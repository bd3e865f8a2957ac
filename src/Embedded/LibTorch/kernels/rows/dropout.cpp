#include "arithmetic.h"
#include "passes.h"

namespace mos::instructions::MOS_INSTRUCTIONS {

namespace {

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

}  // namespace

void dropout(uint64_t seed, uint64_t sequence, uint32_t dropped, float kept, float* mask, int64_t size) {
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

}  // namespace mos::instructions::MOS_INSTRUCTIONS
