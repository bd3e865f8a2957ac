// Dropout masks on the CPU. libtorch draws them one number after the other from a generator that only one thread may use;
// here that generator gives a seed, and the numbers are a function of seed and place (Philox), so that threads share them.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <mutex>

#include "rows.h"

namespace {

constexpr int64_t block = 4096;  // numbers of one Philox sequence

uint64_t draw_seed() {
    at::Generator generator = at::detail::getDefaultCPUGenerator();
    std::lock_guard<std::mutex> lock(generator.mutex());
    return at::check_generator<at::CPUGeneratorImpl>(generator)->random64();
}

// 0 with probability rate, else 1 / (1 - rate).
at::Tensor& dropout_mask_(at::Tensor& mask, double rate) {
    TORCH_CHECK(mask.scalar_type() == at::kFloat && mask.is_contiguous(), "a mask is contiguous and float32");
    TORCH_CHECK(rate >= 0 && rate < 1, "the rate ", rate, " is not in [0, 1)");
    const uint64_t seed = draw_seed();
    const auto dropped = static_cast<uint32_t>(rate * 4294967296.0);
    const float kept = static_cast<float>(1 / (1 - rate));
    float* data = mask.data_ptr<float>();
    const int64_t count = mask.numel();
    at::parallel_for(0, (count + block - 1) / block, 1, [&](int64_t begin, int64_t end) {
        for (int64_t b = begin; b < end; b++)
            mos::row_passes().dropout(seed, b, dropped, kept, data + b * block, std::min(block, count - b * block));
    });
    return mask;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(mos, library) { library.def("dropout_mask_(Tensor(a!) mask, float rate) -> Tensor(a!)"); }

TORCH_LIBRARY_IMPL(mos, CPU, library) { library.impl("dropout_mask_", dropout_mask_); }
