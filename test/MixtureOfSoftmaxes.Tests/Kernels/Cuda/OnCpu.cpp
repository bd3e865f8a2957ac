// Every kernel of the source by its name.
#include "OnCpu.h"
#include "Kernels.cu"

#define KERNEL(name) {#name, on_cpu::invoke<name>}

extern "C" int launch(const char *name, int blocks, int threads, void **arguments)
{
    static const struct
    {
        const char *name;
        void (*function)(void **);
    } kernels[] = {
        KERNEL(gate_mix_float32), KERNEL(gate_mix_bfloat16), KERNEL(gate_gradient_float32), KERNEL(gate_gradient_bfloat16),
        KERNEL(mixture), KERNEL(dropout_mask),
        KERNEL(row_statistics_float32_softmax), KERNEL(row_statistics_float32_sigsoftmax),
        KERNEL(row_statistics_bfloat16_softmax), KERNEL(row_statistics_bfloat16_sigsoftmax),
        KERNEL(row_gradient_float32_softmax), KERNEL(row_gradient_float32_sigsoftmax),
        KERNEL(row_gradient_bfloat16_softmax), KERNEL(row_gradient_bfloat16_sigsoftmax),
    };
    for (const auto &kernel : kernels)
    {
        if (std::strcmp(kernel.name, name) == 0)
        {
            on_cpu::run(kernel.function, blocks, threads, arguments);
            return 0;
        }
    }

    return 1;
}
