namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// How logits are divided: into chunks of tokens, one after the other, and each chunk into tiles of words, every worker with tiles of its own.
/// </summary>
/// <param name="Workers">How many workers have tiles.</param>
/// <param name="TileWords">Words of a tile; the last has fewer, and some may have none.</param>
/// <param name="TilesPerWorker">Tiles of a worker.</param>
/// <param name="ChunkTokens">Tokens of a chunk.</param>
/// <param name="ChunkRows">Rows of logits of a chunk: K for each token.</param>
internal sealed record TileLayout(int Workers, int TileWords, int TilesPerWorker, int ChunkTokens, int ChunkRows)
{
    // A product pays from some hundred rows on, and with few words in many rows the meetings of workers between chunks cost more than memory.
    private const int MinChunkRows = 384, MinChunkLogits = 4 << 20;

    // Below, a product is too narrow to be worth a thread; above, a row leaves the second cache between its passes.
    private const int MinTileWords = 64, MaxTileWords = 8192;

    // Tiles begin at whole cache lines.
    private const int WordUnit = 32;

    /// <summary>Logits of a whole chunk, tiles of full size everywhere.</summary>
    public long ChunkLogits => (long)ChunkRows * Workers * TilesPerWorker * TileWords;

    public static TileLayout Of(MixtureInputs inputs)
    {
        int workers = Math.Clamp(inputs.Words / MinTileWords, 1, WorkerTeam.MaxWorkers());
        int tilesPerWorker = DivideUp(inputs.Words, workers * MaxTileWords);
        int tileWords = DivideUp(DivideUp(inputs.Words, workers * tilesPerWorker), WordUnit) * WordUnit;
        int maxTokens = Math.Max(1, Math.Max(MinChunkRows, MinChunkLogits / inputs.Words) / inputs.Experts);
        int chunkTokens = DivideUp(inputs.Tokens, DivideUp(inputs.Tokens, maxTokens));
        return new(workers, tileWords, tilesPerWorker, chunkTokens, chunkTokens * inputs.Experts);
    }

    /// <summary>The first word and the number of words of each of a worker's tiles.</summary>
    public IEnumerable<(int Start, int Words)> Tiles(int worker, int words)
    {
        for (int i = 0; i < TilesPerWorker; i++)
        {
            int start = ((worker * TilesPerWorker) + i) * TileWords;
            if (start < words)
            {
                yield return (start, Math.Min(TileWords, words - start));
            }
        }
    }

    private static int DivideUp(int a, int b) => (a + b - 1) / b;
}
