// Dropout masks. Compiled at run time together with the other sources, without headers; the tests compile it for the processor, too.

// Four random words of 32 bits as a function of a counter of four words and a key of two: Philox4x32 of ten rounds.
struct Philox
{
    unsigned int x[4];

    __device__ __forceinline__ void draw(unsigned long long key)
    {
        unsigned int lower = static_cast<unsigned int>(key), upper = static_cast<unsigned int>(key >> 32);
#pragma unroll
        for (int round = 0; round < 10; round++)
        {
            const unsigned long long first = static_cast<unsigned long long>(x[0]) * 0xD2511F53u;
            const unsigned long long second = static_cast<unsigned long long>(x[2]) * 0xCD9E8D57u;
            x[0] = static_cast<unsigned int>(second >> 32) ^ x[1] ^ lower;
            x[2] = static_cast<unsigned int>(first >> 32) ^ x[3] ^ upper;
            x[1] = static_cast<unsigned int>(second);
            x[3] = static_cast<unsigned int>(first);
            lower += 0x9E3779B9u;
            upper += 0xBB67AE85u;
        }
    }
};

// Rows of a mask: 0 where a random word is below `dropped`, else `kept`. Eight counters give 32 numbers of a row: the first words of all eight, then
// the second ones, and so on. A thread for each counter, `counters` a row.
extern "C" __global__ void dropout_mask(
    float *mask, unsigned long long seed, unsigned int which, unsigned int pass, unsigned long long dropped, float kept, unsigned int first_row,
    int rows, int length, int counters)
{
    const long long index = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    const int row = static_cast<int>(index / counters), counter = static_cast<int>(index % counters);
    if (row >= rows)
    {
        return;
    }

    Philox words = {{static_cast<unsigned int>(counter), first_row + static_cast<unsigned int>(row), which, pass}};
    words.draw(seed);
#pragma unroll
    for (int word = 0; word < 4; word++)
    {
        const int place = counter / 8 * 32 + word * 8 + counter % 8;
        if (place < length)
        {
            mask[static_cast<long long>(row) * length + place] = words.x[word] < dropped ? 0.0f : kept;
        }
    }
}
