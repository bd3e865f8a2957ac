// The passes over logits between the products of a mixture of softmaxes. Row r = n K + k of the logits z is that of token n and expert k; it
// has `words` of them, the next row begins `stride` later, a multiple of 8, so that every row can be read 16 bytes at a time. Sums are float32.
// Compiled at run time, without headers. The tests compile it for the processor, too.

struct Float32
{
    typedef float Number;
    static constexpr int PackSize = 4;
    static __device__ __forceinline__ float load(Number x) { return x; }
    static __device__ __forceinline__ Number store(float x) { return x; }
};

struct BFloat16
{
    typedef unsigned short Number;
    static constexpr int PackSize = 8;

    union Bits
    {
        unsigned int bits;
        float value;
    };

    static __device__ __forceinline__ float load(Number x)
    {
        Bits wide;
        wide.bits = static_cast<unsigned int>(x) << 16;
        return wide.value;
    }

    // To the nearest, and of two to the even one; what is not a number stays none.
    static __device__ __forceinline__ Number store(float x)
    {
        Bits wide;
        wide.value = x;
        unsigned int rounded = (wide.bits + 0x7fffu + ((wide.bits >> 16) & 1u)) >> 16;
        return static_cast<Number>(x != x ? 0x7fffu : rounded);
    }
};

// f(z) = z, whose exponential a softmax normalises.
struct Softmax
{
    static __device__ __forceinline__ float apply(float z) { return z; }
    static __device__ __forceinline__ float derivative(float) { return 1.0f; }
};

// f(z) = z + log sigmoid(z), f'(z) = 2 - sigmoid(z) = 1 + sigmoid(-z).
struct SigSoftmax
{
    static __device__ __forceinline__ float apply(float z)
    {
        return z >= 0 ? z - log1pf(expf(-z)) : 2 * z - log1pf(expf(z));
    }

    static __device__ __forceinline__ float derivative(float z) { return 1.0f + 1.0f / (1.0f + expf(z)); }
};

template <class T>
struct alignas(16) Pack
{
    typename T::Number values[T::PackSize];
};

// The sum of exponentials of some numbers, as exp(largest) sum.
struct ExpSum
{
    float largest;
    float sum;

    __device__ __forceinline__ void add(ExpSum other)
    {
        float next = fmaxf(largest, other.largest);
        sum = sum * expf(largest - next) + other.sum * expf(other.largest - next);
        largest = next;
    }
};

// log sum_v exp f(z[r, v]) and f(z[r, y]); a block for each row. A target that is no word makes its logit no number.
template <class T, class F>
__device__ __forceinline__ void row_statistics(
    const typename T::Number *logits, const long long *targets, float *log_sums, float *target_logits, int words, int stride, int experts)
{
    const long long row = blockIdx.x;
    const typename T::Number *z = logits + row * stride;
    ExpSum total = {-3.0e38f, 0.0f};
    for (int first = threadIdx.x * T::PackSize; first < words; first += blockDim.x * T::PackSize)
    {
        const Pack<T> pack = *reinterpret_cast<const Pack<T> *>(z + first);
        float numbers[T::PackSize];
        ExpSum part = {-3.0e38f, 0.0f};
#pragma unroll
        for (int i = 0; i < T::PackSize; i++)
        {
            if (first + i < words)
            {
                numbers[i] = F::apply(T::load(pack.values[i]));
                part.largest = fmaxf(part.largest, numbers[i]);
            }
        }

#pragma unroll
        for (int i = 0; i < T::PackSize; i++)
        {
            if (first + i < words)
            {
                part.sum += expf(numbers[i] - part.largest);
            }
        }

        total.add(part);
    }

    for (int lanes = 16; lanes > 0; lanes /= 2)
    {
        ExpSum other;
        other.largest = __shfl_xor_sync(0xffffffffu, total.largest, lanes);
        other.sum = __shfl_xor_sync(0xffffffffu, total.sum, lanes);
        total.add(other);
    }

    __shared__ ExpSum warps[32];
    if (threadIdx.x % 32 == 0)
    {
        warps[threadIdx.x / 32] = total;
    }

    __syncthreads();
    if (threadIdx.x == 0)
    {
        for (int warp = 1; warp < (int)blockDim.x / 32; warp++)
        {
            total.add(warps[warp]);
        }

        const long long target = targets[row / experts];
        log_sums[row] = total.largest + logf(total.sum);
        target_logits[row] = target >= 0 && target < words ? F::apply(T::load(z[target])) : 0.0f / 0.0f;
    }
}

// scale d(-log p[n]) / dz[r, v] in the place of z[r, v], from scale times the responsibility of each row; a block for each row.
template <class T, class F>
__device__ __forceinline__ void row_gradient(
    typename T::Number *logits, const long long *targets, const float *log_sums, const float *shares, int words, int stride, int experts)
{
    const long long row = blockIdx.x;
    typename T::Number *z = logits + row * stride;
    const long long target = targets[row / experts];
    const float log_sum = log_sums[row], share = shares[row];
    for (int first = threadIdx.x * T::PackSize; first < words; first += blockDim.x * T::PackSize)
    {
        Pack<T> pack = *reinterpret_cast<Pack<T> *>(z + first);
#pragma unroll
        for (int i = 0; i < T::PackSize; i++)
        {
            const float number = T::load(pack.values[i]);
            const float difference = expf(F::apply(number) - log_sum) - (first + i == target ? 1.0f : 0.0f);
            pack.values[i] = T::store(share * difference * F::derivative(number));
        }

        *reinterpret_cast<Pack<T> *>(z + first) = pack;
    }
}

// log p[n]; where asked for, scale times the responsibility of each row, and scale d(-log p[n]) / d log pi[n, k]. A thread for each token.
extern "C" __global__ void mixture(
    const float *log_sums, const float *target_logits, const float *log_priors, float *log_likelihoods, float *shares, float *grad_log_priors,
    float scale, int experts, int tokens)
{
    const int token = blockIdx.x * blockDim.x + threadIdx.x;
    if (token >= tokens)
    {
        return;
    }

    const long long begin = static_cast<long long>(token) * experts, end = begin + experts;
    const auto joint = [=](long long row) { return target_logits[row] - log_sums[row] + (log_priors ? log_priors[row] : 0.0f); };
    float largest = joint(begin);
    for (long long row = begin + 1; row < end; row++)
    {
        largest = fmaxf(largest, joint(row));
    }

    // Where all experts rule the word out, the sum is zero and not no number.
    const float shift = fabsf(largest) <= 3.4e38f ? largest : 0.0f;
    float sum = 0;
    for (long long row = begin; row < end; row++)
    {
        sum += expf(joint(row) - shift);
    }

    const float log_likelihood = shift + logf(sum);
    log_likelihoods[token] = log_likelihood;
    for (long long row = begin; shares && row < end; row++)
    {
        const float share = scale * expf(joint(row) - log_likelihood);
        shares[row] = share;
        if (grad_log_priors)
        {
            grad_log_priors[row] = -share;
        }
    }
}

#define ROW_KERNELS(type, T, activation, F)                                                                                                  \
    extern "C" __global__ void row_statistics_##type##_##activation(                                                                         \
        const T::Number *logits, const long long *targets, float *log_sums, float *target_logits, int words, int stride, int experts)        \
    {                                                                                                                                        \
        row_statistics<T, F>(logits, targets, log_sums, target_logits, words, stride, experts);                                              \
    }                                                                                                                                        \
    extern "C" __global__ void row_gradient_##type##_##activation(                                                                           \
        T::Number *logits, const long long *targets, const float *log_sums, const float *shares, int words, int stride, int experts)         \
    {                                                                                                                                        \
        row_gradient<T, F>(logits, targets, log_sums, shares, words, stride, experts);                                                       \
    }

ROW_KERNELS(float32, Float32, softmax, Softmax)
ROW_KERNELS(float32, Float32, sigsoftmax, SigSoftmax)
ROW_KERNELS(bfloat16, BFloat16, softmax, Softmax)
ROW_KERNELS(bfloat16, BFloat16, sigsoftmax, SigSoftmax)
