// The logits of the first words where each has gates of its own (Mixtape), and the way back. A binary tree mixes what K experts say of a word: node i
// shares between its children 2 i + 1 and 2 i + 2, the first of which gets its gate's share; the experts are the leaves, from K - 1 on.

// More experts would not stay near a thread; the caller does not ask for more.
static constexpr int MaxExperts = 32;

struct GateTree
{
    float values[2 * MaxExperts - 1];
    float gates[MaxExperts - 1];
    int experts;

    // From expert k's logit at logits[k stride] and what gate i sees of the word at inputs[i stride].
    template <class T>
    __device__ __forceinline__ void mix(
        const typename T::Number *logits, const typename T::Number *inputs, const float *shared, const float *bias, int stride)
    {
        for (int k = 0; k < experts; k++)
        {
            values[experts - 1 + k] = T::load(logits[static_cast<long long>(k) * stride]);
        }

        for (int i = experts - 2; i >= 0; i--)
        {
            const float input = T::load(inputs[static_cast<long long>(i) * stride]) + shared[i] + bias[static_cast<long long>(i) * stride];
            gates[i] = 1.0f / (1.0f + expf(-input));
            values[i] = values[2 * i + 2] + gates[i] * (values[2 * i + 1] - values[2 * i + 2]);
        }
    }

    // Gradients in the places of logits and inputs, from that with respect to the root.
    template <class T>
    __device__ __forceinline__ void take_back(float gradient, typename T::Number *logits, typename T::Number *inputs, int stride)
    {
        // A node's value is not needed below it, so its gradient takes its place.
        values[0] = gradient;
        for (int i = 0; i < experts - 1; i++)
        {
            const float above = values[i], difference = values[2 * i + 1] - values[2 * i + 2];
            inputs[static_cast<long long>(i) * stride] = T::store(above * difference * gates[i] * (1.0f - gates[i]));
            values[2 * i + 1] = above * gates[i];
            values[2 * i + 2] = above * (1.0f - gates[i]);
        }

        for (int k = 0; k < experts; k++)
        {
            logits[static_cast<long long>(k) * stride] = T::store(values[experts - 1 + k]);
        }
    }
};

// Where the numbers of word s of token n stand; a thread for each such pair.
struct GatedWord
{
    long long token;
    int word;

    __device__ __forceinline__ bool find(int words, int tokens)
    {
        const long long index = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
        token = index / words;
        word = static_cast<int>(index % words);
        return token < tokens;
    }
};

// z[n, s], the mixed logit and the word's bias: logits are [n, K, S], inputs [n, K - 1, S], shared [n, K - 1], gate_bias [K - 1, S].
template <class T>
__device__ __forceinline__ void gate_mix(
    typename T::Number *z, const typename T::Number *logits, const typename T::Number *inputs, const float *shared, const float *gate_bias,
    const float *bias, int words, int stride, int experts, int tokens)
{
    GatedWord at;
    if (at.find(words, tokens))
    {
        GateTree tree;
        tree.experts = experts;
        tree.mix<T>(
            logits + at.token * experts * words + at.word, inputs + at.token * (experts - 1) * words + at.word, shared + at.token * (experts - 1),
            gate_bias + at.word, words);
        z[at.token * stride + at.word] = T::store(tree.values[0] + bias[at.word]);
    }
}

// From the gradient in z[n, s] those in the places of logits and inputs; z is zero then, as the words' other logits have no part in it.
template <class T>
__device__ __forceinline__ void gate_gradient(
    typename T::Number *z, typename T::Number *logits, typename T::Number *inputs, const float *shared, const float *gate_bias, int words,
    int stride, int experts, int tokens)
{
    GatedWord at;
    if (at.find(words, tokens))
    {
        GateTree tree;
        tree.experts = experts;
        typename T::Number *own_logits = logits + at.token * experts * words + at.word;
        typename T::Number *own_inputs = inputs + at.token * (experts - 1) * words + at.word;
        tree.mix<T>(own_logits, own_inputs, shared + at.token * (experts - 1), gate_bias + at.word, words);
        tree.take_back<T>(T::load(z[at.token * stride + at.word]), own_logits, own_inputs, words);
        z[at.token * stride + at.word] = T::store(0.0f);
    }
}

#define GATE_KERNELS(type, T)                                                                                                                \
    extern "C" __global__ void gate_mix_##type(                                                                                              \
        T::Number *z, const T::Number *logits, const T::Number *inputs, const float *shared, const float *gate_bias, const float *bias,      \
        int words, int stride, int experts, int tokens)                                                                                      \
    {                                                                                                                                        \
        gate_mix<T>(z, logits, inputs, shared, gate_bias, bias, words, stride, experts, tokens);                                             \
    }                                                                                                                                        \
    extern "C" __global__ void gate_gradient_##type(                                                                                         \
        T::Number *z, T::Number *logits, T::Number *inputs, const float *shared, const float *gate_bias, int words, int stride, int experts, \
        int tokens)                                                                                                                          \
    {                                                                                                                                        \
        gate_gradient<T>(z, logits, inputs, shared, gate_bias, words, stride, experts, tokens);                                              \
    }

GATE_KERNELS(float32, Float32)
GATE_KERNELS(bfloat16, BFloat16)
