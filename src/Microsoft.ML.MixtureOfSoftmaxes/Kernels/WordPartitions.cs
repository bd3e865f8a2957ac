using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// A vocabulary in partitions: word v is in that of v mod J. In the order of partitions, those words come first that are in the first of them.
/// </summary>
/// <param name="Count">J, at most V.</param>
/// <param name="Words">V.</param>
internal readonly record struct WordPartitions(int Count, long Words)
{
    /// <summary>The place of a partition's first word in the order of partitions.</summary>
    public long Start(long partition) => (partition * (Words / Count)) + Math.Min(partition, Words % Count);

    /// <summary>How many words a partition has.</summary>
    public long Size(int partition) => Start(partition + 1) - Start(partition);

    /// <summary>Of what all words have, a row or an element each, what the words of a partition have, as a view.</summary>
    public Tensor Of(Tensor x_v, int partition) => x_v.slice(0, partition, Words, Count);

    /// <summary>The same for some words of a partition alone, from one place in the order of partitions on.</summary>
    public Tensor Of(Tensor x_v, int partition, long place, long count) => Of(x_v, partition).narrow(0, place - Start(partition), count);

    /// <summary>What the words of a partition have, of what stands in the order of partitions.</summary>
    public Tensor OfArranged(Tensor x_v, int partition) => x_v.narrow(0, Start(partition), Size(partition));

    /// <summary>A copy in the order of partitions, of what each word has; itself where there is one partition.</summary>
    public Tensor Arrange(Tensor x_v)
    {
        WordPartitions partitions = this;
        return Count == 1 ? x_v : cat([.. Each.Select(j => partitions.Of(x_v, j))]);
    }

    /// <summary>A copy of rows that stand in the order of partitions in that of words; itself where there is one partition.</summary>
    public Tensor Restore(Tensor x_n_v)
    {
        if (Count == 1)
        {
            return x_n_v;
        }

        Tensor restored_n_v = empty_like(x_n_v);
        foreach (int partition in Each)
        {
            Of(restored_n_v.t(), partition).copy_(OfArranged(x_n_v.t(), partition));
        }

        return restored_n_v;
    }

    /// <summary>Adds what stands in the order of partitions to what each word has.</summary>
    public void AddRestored(Tensor sums_v, Tensor arranged_v)
    {
        foreach (int partition in Each)
        {
            Of(sums_v, partition).add_(OfArranged(arranged_v, partition));
        }
    }

    /// <summary>The contexts for the words of one partition, [N K, d], of those for all, [N K, d] or [J, N K, d].</summary>
    public Tensor ContextsOf(Tensor contexts, int partition) => Count == 1 ? contexts : contexts.select(0, partition);

    /// <summary>Where words stand in the order of partitions.</summary>
    public Tensor Places(Tensor words_n)
    {
        if (Count == 1)
        {
            return words_n;
        }

        Tensor partitions_n = words_n.remainder(Count);
        Tensor starts_n = (partitions_n * (Words / Count)).add_(partitions_n.clamp_max(Words % Count));
        return starts_n.add_(words_n.div(Count, RoundingMode.floor));
    }

    /// <summary>The partitions, by number.</summary>
    public IEnumerable<int> Each => Enumerable.Range(0, Count);
}
