// Lets a C++ compiler take CUDA C for the processor. Blocks run one after the other; the threads of a block are contexts that run in turn, each from
// one meeting to the next, so a meeting of all is nothing but the end of a turn.
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <utility>
#include <vector>
#include <ucontext.h>

#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static

namespace on_cpu
{
struct Place
{
    int x;
};

struct Thread
{
    ucontext_t context;
    std::vector<char> stack;
    bool is_done;
};

static std::vector<Thread> threads;
static ucontext_t scheduler;
static int current;
static float exchanged[1024];
static void (*kernel)(void **);
static void **arguments;

static void yield() { swapcontext(&threads[current].context, &scheduler); }

static void run_thread()
{
    kernel(arguments);
    threads[current].is_done = true;
    yield();
}
}

static on_cpu::Place threadIdx, blockIdx, blockDim;

static inline void __syncthreads() { on_cpu::yield(); }

static inline float __shfl_xor_sync(unsigned, float value, int lanes)
{
    const int self = threadIdx.x;
    on_cpu::exchanged[self] = value;
    on_cpu::yield();
    const float other = on_cpu::exchanged[self ^ lanes];
    on_cpu::yield();
    return other;
}

namespace on_cpu
{
static void run(void (*of)(void **), int blocks, int count, void **with)
{
    kernel = of;
    arguments = with;
    blockDim.x = count;
    threads.resize(count);
    for (blockIdx.x = 0; blockIdx.x < blocks; blockIdx.x++)
    {
        for (Thread &thread : threads)
        {
            thread.stack.resize(64 * 1024);
            thread.is_done = false;
            getcontext(&thread.context);
            thread.context.uc_stack.ss_sp = thread.stack.data();
            thread.context.uc_stack.ss_size = thread.stack.size();
            thread.context.uc_link = nullptr;
            makecontext(&thread.context, run_thread, 0);
        }

        for (bool is_running = true; is_running;)
        {
            is_running = false;
            for (current = 0; current < count; current++)
            {
                if (!threads[current].is_done)
                {
                    threadIdx.x = current;
                    swapcontext(&scheduler, &threads[current].context);
                    is_running = true;
                }
            }
        }
    }
}

template <class... A, size_t... I>
static void call(void (*function)(A...), void **with, std::index_sequence<I...>)
{
    function(*static_cast<A *>(with[I])...);
}

// Calls a kernel with the arguments that stand at the places given.
template <auto function>
static void invoke(void **with)
{
    []<class... A>(void (*typed)(A...), void **places) { call(typed, places, std::index_sequence_for<A...>{}); }(function, with);
}
}
