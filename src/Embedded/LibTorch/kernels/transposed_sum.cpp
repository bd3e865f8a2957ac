// Libraries multiply by a transposed matrix of bfloat16 numbers at two thirds of the rate of other products, because the
// processor's instruction adds up products of pairs, and the pairs of a^T stand in different rows of a. Here the rows are
// interleaved once for a strip of columns, which then meets all of b from cache.
#include "transposed_sum.h"

#include <ATen/Parallel.h>

#include "products.h"

#if defined(MOS_X86) && defined(__GNUC__)
#define MOS_PAIRS
#include <immintrin.h>
#endif

namespace mos {

#ifdef MOS_PAIRS
namespace {

#define MOS_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))

constexpr int64_t strip = 64;   // columns of a: four vectors of float32
constexpr int64_t group = 6;    // columns of b: with a strip, 24 of the 32 registers hold sums
constexpr int64_t depth = 128;  // pairs of rows of a strip that stay in the first cache: 32 KB

bool has_pairs() {
    static const bool has = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                            __builtin_cpu_supports("avx512bf16");
    return has;
}

int64_t ratio_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

// Two rows of a strip to pairs; columns past the end are zeros.
MOS_TARGET inline void interleave(const uint16_t* first, const uint16_t* second, int64_t columns, uint32_t* pairs) {
    alignas(64) static const uint16_t order[32] = {0, 32, 1, 33, 2,  34, 3,  35, 4,  36, 5,  37, 6,  38, 7,  39,
                                                   8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47};
    const __m512i low = _mm512_load_si512(order), high = _mm512_add_epi16(low, _mm512_set1_epi16(16));
    for (int64_t half = 0; half < 2; half++) {
        const int64_t left = columns - 32 * half;
        const __mmask32 mask = left >= 32 ? ~0u : left <= 0 ? 0u : (1u << left) - 1;
        const __m512i x = _mm512_maskz_loadu_epi16(mask, first + 32 * half);
        const __m512i y = second ? _mm512_maskz_loadu_epi16(mask, second + 32 * half) : _mm512_setzero_si512();
        _mm512_store_si512(pairs + 32 * half, _mm512_permutex2var_epi16(x, low, y));
        _mm512_store_si512(pairs + 32 * half + 16, _mm512_permutex2var_epi16(x, high, y));
    }
}

// sums [group, strip] += the products of so many pairs of a strip [pairs, strip] and a group [pairs, group].
MOS_TARGET void multiply(const uint32_t* a, const uint32_t* b, int64_t pairs, float* sums) {
    __m512 sum[group][4];
#pragma GCC unroll 6
    for (int64_t j = 0; j < group; j++)
#pragma GCC unroll 4
        for (int64_t i = 0; i < 4; i++) sum[j][i] = _mm512_load_ps(sums + strip * j + 16 * i);
    for (int64_t p = 0; p < pairs; p++) {
        __m512bh x[4];
#pragma GCC unroll 4
        for (int64_t i = 0; i < 4; i++) x[i] = (__m512bh)_mm512_load_si512(a + strip * p + 16 * i);
#pragma GCC unroll 6
        for (int64_t j = 0; j < group; j++) {
            const __m512bh y = (__m512bh)_mm512_set1_epi32(b[group * p + j]);
#pragma GCC unroll 4
            for (int64_t i = 0; i < 4; i++) sum[j][i] = _mm512_dpbf16_ps(sum[j][i], x[i], y);
        }
    }
#pragma GCC unroll 6
    for (int64_t j = 0; j < group; j++)
#pragma GCC unroll 4
        for (int64_t i = 0; i < 4; i++) _mm512_store_ps(sums + strip * j + 16 * i, sum[j][i]);
}

// b [m, d] as groups of pairs, [d / group, m / 2, group]; what is not there is zero.
at::Tensor groups_of(const at::Tensor& b) {
    const int64_t rows = b.size(0), columns = b.size(1), stride = b.stride(0), pairs = ratio_up(rows, 2);
    at::Tensor groups = at::zeros({ratio_up(columns, group), pairs, group}, at::kInt);
    auto from = static_cast<const uint16_t*>(b.data_ptr());
    auto to = static_cast<uint16_t*>(groups.data_ptr());
    at::parallel_for(0, groups.size(0), 1, [&](int64_t begin, int64_t end) {
        for (int64_t g = begin; g < end; g++)
            for (int64_t row = 0; row < rows; row++)
                for (int64_t j = 0; j < std::min(group, columns - group * g); j++)
                    to[2 * ((g * pairs + row / 2) * group + j) + row % 2] = from[row * stride + group * g + j];
    });
    return groups;
}

// blocks [strips, groups, group, strip] += a^T b.
void add_to_blocks(const at::Tensor& a, const at::Tensor& b, at::Tensor& blocks) {
    const int64_t rows = a.size(0), columns = a.size(1), stride = a.stride(0), pairs = ratio_up(rows, 2);
    const at::Tensor groups = groups_of(b);
    auto from = static_cast<const uint16_t*>(a.data_ptr());
    auto to = static_cast<const uint32_t*>(groups.data_ptr());
    const at::Tensor strips = at::empty({at::get_num_threads(), pairs, strip}, at::kInt);  // aligned, as all tensors are
    at::parallel_for(0, blocks.size(0), 1, [&](int64_t begin, int64_t end) {
        auto interleaved = static_cast<uint32_t*>(strips.data_ptr()) + at::get_thread_num() * strips.stride(0);
        for (int64_t s = begin; s < end; s++) {
            for (int64_t p = 0; p < pairs; p++) {
                const uint16_t* row = from + 2 * p * stride + strip * s;
                interleave(row, 2 * p + 1 < rows ? row + stride : nullptr, columns - strip * s, interleaved + strip * p);
            }
            float* sums = blocks.data_ptr<float>() + s * blocks.stride(0);
            for (int64_t p = 0; p < pairs; p += depth)
                for (int64_t g = 0; g < groups.size(0); g++)
                    multiply(interleaved + strip * p, to + (g * pairs + p) * group, std::min(depth, pairs - p),
                             sums + g * group * strip);
        }
    });
}

}  // namespace
#endif

TransposedSum::TransposedSum(const at::Tensor& out) : out_(out) {}

void TransposedSum::add(const at::Tensor& a, const at::Tensor& b) {
#ifdef MOS_PAIRS
    if (a.scalar_type() == at::kBFloat16 && has_pairs() && a.stride(1) == 1 && b.stride(1) == 1) {
        if (!blocks_.defined())
            blocks_ = at::zeros({ratio_up(out_.size(0), strip), ratio_up(out_.size(1), group), group, strip}, out_.options());
        add_to_blocks(a, b, blocks_);
        return;
    }
#endif
    add_transposed_product(a, b, out_);
}

void TransposedSum::finish() {
    if (!blocks_.defined()) return;
    const at::Tensor sums = blocks_.flatten(1, 2).transpose(1, 2);  // [strips, strip, groups * group]
    for (int64_t s = 0, width = sums.size(1); s < sums.size(0); s++) {
        const int64_t rows = std::min(width, out_.size(0) - width * s);
        out_.narrow(0, width * s, rows).add_(sums[s].narrow(0, 0, rows).narrow(1, 0, out_.size(1)));
    }
    blocks_ = at::Tensor();
}

}  // namespace mos
