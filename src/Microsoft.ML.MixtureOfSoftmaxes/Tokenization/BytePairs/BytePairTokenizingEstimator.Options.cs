using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes;

public sealed partial class BytePairTokenizingEstimator
{
    /// <summary>How many tokens are learnt.</summary>
    public sealed class Options
    {
        /// <summary>
        /// Tokens in all: the 256 bytes and what merges make of them. Fewer where the text does not yield so many. Default 8,000; 256
        /// (bytes alone) to 1,000,000.
        /// </summary>
        public int VocabularySize { get; set; } = 8_000;

        /// <summary>How often a pair must occur to be merged. Default 2; at least 1.</summary>
        public int MinimumPairCount { get; set; } = 2;

        internal int MergeCount => VocabularySize - BytePairEncoding.ByteCount;

        internal void Validate()
        {
            OptionRange.Range(VocabularySize, BytePairEncoding.ByteCount, 1_000_000);
            OptionRange.Range(MinimumPairCount, 1, int.MaxValue);
        }
    }
}
