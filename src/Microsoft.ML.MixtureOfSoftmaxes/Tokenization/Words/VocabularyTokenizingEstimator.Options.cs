using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes;

public sealed partial class VocabularyTokenizingEstimator
{
    /// <summary>What counts as a word of the vocabulary.</summary>
    public sealed class Options
    {
        /// <summary>The word that stands for every word not in the vocabulary. Default <c>&lt;unk&gt;</c>.</summary>
        public string UnknownWord { get; set; } = "<unk>";

        /// <summary>
        /// The end-of-sentence mark, always in the vocabulary. It is not put into the tokens: the trainer and the scorer add it to
        /// each row. Default <c>&lt;eos&gt;</c>.
        /// </summary>
        public string EndOfSentence { get; set; } = "<eos>";

        /// <summary>How often a word must occur to be kept. Default 1; at least 1.</summary>
        public int MinimumCount { get; set; } = 1;

        /// <summary>The largest vocabulary, the two marks included; the most frequent words stay. Default 1,000,000; at least 3.</summary>
        public int MaximumSize { get; set; } = 1_000_000;

        internal void Validate()
        {
            Marks.Check(UnknownWord, EndOfSentence);
            OptionRange.Range(MinimumCount, 1, int.MaxValue);
            OptionRange.Range(MaximumSize, 3, int.MaxValue);
        }
    }
}
