using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// How logits are divided: into chunks of tokens, one after the other, and each chunk into tiles of words, every worker with tiles of its own,
/// both of the words that have gates of their own and of the others.
/// </summary>
/// <param name="Workers">How many workers have tiles.</param>
/// <param name="Gated">The words that have gates of their own.</param>
/// <param name="Others">The other words, those of each partition of the vocabulary.</param>
/// <param name="ChunkTokens">Tokens of a chunk.</param>
/// <param name="ChunkRows">Rows of logits of a chunk: K for each token.</param>
internal sealed record TileLayout(int Workers, TileBand Gated, TileBand[] Others, int ChunkTokens, int ChunkRows)
{
    // A product pays from some hundred rows on, and with few words in many rows the meetings of workers between chunks cost more than memory.
    // A large vocabulary has few rows a chunk, so that this bounds memory: 256 MB in float32.
    private const int MinChunkRows = 384, MinChunkLogits = 4 << 20, MaxChunkLogits = 64 << 20;

    // Below, a product is too narrow to be worth a thread; above, a row leaves the second cache between its passes, or the rows of a token do.
    private const int MinTileWords = 64, MaxTileWords = 8192, MaxGatedTileWords = 512;

    /// <summary>Words of a tile, at most.</summary>
    public int TileWords => Math.Max(Gated.TileWords, Others.Max(band => band.TileWords));

    /// <summary>Logits of a whole chunk, without those of words that have gates of their own.</summary>
    public long ChunkLogits => (long)ChunkRows * Others.Sum(band => band.Words);

    /// <summary>The partition, the first place and the number of words of each of a worker's tiles of words without gates.</summary>
    public IEnumerable<(int Partition, int Start, int Words)> OtherTiles(int worker) =>
        Others.SelectMany((band, partition) => band.Tiles(worker).Select(tile => (partition, tile.Start, tile.Words)));

    /// <summary>A tile's part of the logits of a whole chunk.</summary>
    public Tensor LogitsOf(int start, int words, Tensor ofChunk) =>
        ofChunk.narrow(0, (long)(start - Others[0].Start) * ChunkRows, (long)words * ChunkRows);

    public static TileLayout Of(MixtureInputs inputs)
    {
        WordPartitions partitions = inputs.Partitions;
        int gated = inputs.Gates?.Words ?? 0;
        int workers = Math.Clamp(inputs.Words / (MinTileWords * partitions.Count), 1, WorkerTeam.MaxWorkers());
        var gatedBand = TileBand.Of(0, gated, workers, MaxGatedTileWords);
        TileBand[] others = gated > 0
            ? [TileBand.Of(gated, inputs.Words - gated, workers, MaxTileWords)]
            : [.. partitions.Each.Select(j => TileBand.Of((int)partitions.Start(j), (int)partitions.Size(j), workers, MaxTileWords))];

        // A token with gates has a row for each expert and gate.
        int rows = inputs.Gates?.Experts ?? inputs.Experts;
        long logits = ((long)inputs.Words * inputs.Experts) + ((long)gated * 2 * (inputs.Gates?.Experts ?? 0));
        int maxTokens = (int)Math.Max(1, Math.Min(Math.Max(MinChunkRows / rows, MinChunkLogits / logits), MaxChunkLogits / logits));
        int chunkTokens = TileBand.DivideUp(inputs.Tokens, TileBand.DivideUp(inputs.Tokens, maxTokens));
        return new(workers, gatedBand, others, chunkTokens, chunkTokens * inputs.Experts);
    }
}

/// <summary>Neighbouring words, in tiles.</summary>
/// <param name="Start">The first word.</param>
/// <param name="Words">How many words.</param>
/// <param name="TileWords">Words of a tile; the last has fewer, and some may have none.</param>
/// <param name="TilesPerWorker">Tiles of a worker.</param>
internal readonly record struct TileBand(int Start, int Words, int TileWords, int TilesPerWorker)
{
    // Tiles begin at whole cache lines.
    private const int WordUnit = 32;

    public static TileBand Of(int start, int words, int workers, int maxTileWords)
    {
        int tilesPerWorker = Math.Max(1, DivideUp(words, workers * maxTileWords));
        return new(start, words, DivideUp(DivideUp(words, workers * tilesPerWorker), WordUnit) * WordUnit, tilesPerWorker);
    }

    /// <summary>The first word and the number of words of each of a worker's tiles.</summary>
    public IEnumerable<(int Start, int Words)> Tiles(int worker)
    {
        for (int i = 0; i < TilesPerWorker; i++)
        {
            int start = ((worker * TilesPerWorker) + i) * TileWords;
            if (start < Words)
            {
                yield return (Start + start, Math.Min(TileWords, Words - start));
            }
        }
    }

    public static int DivideUp(int a, int b) => (a + b - 1) / b;
}
