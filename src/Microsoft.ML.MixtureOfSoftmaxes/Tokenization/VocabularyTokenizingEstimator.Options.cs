using Microsoft.ML.MixtureOfSoftmaxes.Columns;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

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
            CheckMark(UnknownWord, nameof(UnknownWord));
            CheckMark(EndOfSentence, nameof(EndOfSentence));
            if (UnknownWord == EndOfSentence)
            {
                throw new ArgumentException($"UnknownWord and EndOfSentence are both '{UnknownWord}'; they must differ.");
            }

            ArgumentOutOfRangeException.ThrowIfLessThan(MinimumCount, 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(MaximumSize, 3);
        }

        private static void CheckMark(string mark, string name)
        {
            if (string.IsNullOrEmpty(mark) || mark.Any(char.IsWhiteSpace))
            {
                throw new ArgumentException($"{name} is '{mark}': it must be one word without white space.", name);
            }

            if (!ValidText.Is(mark))
            {
                throw new ArgumentException($"{name} is '{mark}': it must be text without halves of surrogate pairs.", name);
            }
        }
    }
}
