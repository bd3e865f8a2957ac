using System.Text.Json.Serialization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// The sizes that fix every parameter of a network. d: embedding size; K: experts; V: vocabulary; H: last hidden size. Only Mixtape has
/// gates of words: e, their embedding size, and S, how many words have them. Only Plif has a function of logits: M, its pieces, and T, the end
/// of the range that they divide. Only MultiFacetSoftmax has J, its partitions of the vocabulary. R, the rank of what makes the experts' contexts
/// of a hidden state, is 0 where nothing limits it.
/// </summary>
internal sealed record NetworkShape(
    LanguageModelHead Head, int VocabularySize, int EmbeddingSize, int HiddenSize, int LastHiddenSize, int LayerCount, int Experts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int GateSize = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int FrequentWords = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Pieces = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] double LogitRange = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int LatentRank = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Partitions = 0)
{
    /// <exception cref="ArgumentException">A size is out of its range, or does not go with the head.</exception>
    public void Validate()
    {
        OptionRange.Defined(Head);
        OptionRange.Range(VocabularySize, 2, int.MaxValue); // The two marks are always there.
        SizeRange.Size(EmbeddingSize);
        SizeRange.Size(HiddenSize);
        SizeRange.Size(LastHiddenSize);
        SizeRange.Layers(LayerCount);
        SizeRange.Experts(Experts, Head);
        if (Head == LanguageModelHead.Mixtape)
        {
            SizeRange.Size(GateSize);
            OptionRange.Range(FrequentWords, 1, VocabularySize);
        }
        else if ((GateSize, FrequentWords) != (0, 0))
        {
            throw OptionRange.Wrong(nameof(GateSize), GateSize, "0, like FrequentWords, for a head other than Mixtape");
        }

        if (Head == LanguageModelHead.Plif)
        {
            SizeRange.Size(Pieces);
            OptionRange.Positive(LogitRange);
        }
        else if ((Pieces, LogitRange) != (0, 0))
        {
            throw OptionRange.Wrong(nameof(Pieces), Pieces, "0, like LogitRange, for a head other than Plif");
        }

        if (Head == LanguageModelHead.MultiFacetSoftmax)
        {
            OptionRange.Range(Partitions, 1, Math.Min(VocabularySize, SizeRange.MostPartitions));
        }
        else if (Partitions != 0)
        {
            throw OptionRange.Wrong(nameof(Partitions), Partitions, "0 for a head other than MultiFacetSoftmax");
        }

        OptionRange.Range(LatentRank, 0, HasExperts ? LastHiddenSize : 0);
    }

    /// <summary>Whether the head has experts: K is without effect where it is one softmax.</summary>
    [JsonIgnore]
    public bool HasExperts => Head is not (LanguageModelHead.Softmax or LanguageModelHead.Plif);

    /// <summary>The partitions of the vocabulary that have contexts of their own: J, or 1.</summary>
    [JsonIgnore]
    public int VocabularyPartitions => Math.Max(1, Partitions);

    /// <summary>The contexts that experts have together: one each, but the first one for each partition of the vocabulary.</summary>
    [JsonIgnore]
    public int ContextCount => Experts + VocabularyPartitions - 1;

    /// <summary>The size of what the experts' contexts are made of by one product: H, or R.</summary>
    [JsonIgnore]
    public int LatentInputSize => LatentRank == 0 ? LastHiddenSize : LatentRank;

    /// <summary>Input and output size of LSTM layer <paramref name="layer"/>: d, then hidden sizes, then H.</summary>
    public (int Input, int Output) Layer(int layer) =>
        (layer == 0 ? EmbeddingSize : HiddenSize, layer == LayerCount - 1 ? LastHiddenSize : HiddenSize);

    /// <summary>Trainable numbers, the tied embedding counted once.</summary>
    public long ParameterCount
    {
        get
        {
            long d = EmbeddingSize, h = LastHiddenSize, k = Experts, v = VocabularySize, e = GateSize, s = FrequentWords, m = Pieces;
            long latent = (ContextCount * d * (LatentInputSize + 1)) + (LatentRank * h);
            long lstm = Enumerable.Range(0, LayerCount).Select(Layer).Sum(size => 4L * size.Output * (size.Input + size.Output + 2));
            long head = Head switch
            {
                LanguageModelHead.Softmax or LanguageModelHead.Plif => (h == d ? 0 : d * (h + 1)) + m,
                LanguageModelHead.Mixtape => latent + ((k - 1) * ((e * (h + 1)) + h + s)) + (s * e),
                _ => latent + (k * h),
            };
            return (v * d) + v + lstm + head;
        }
    }
}
