using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Options;

/// <summary>What becomes a token: words, or byte pairs. The two marks are the trainer's.</summary>
internal sealed class TokenizerOptions
{
    private const string Words = "words";
    private const string BytePairs = "bpe";

    private readonly Option<string> _tokenizer = ScalarValue.CreateChoice("--tokenizer", Words, Words, BytePairs);

    private readonly Option<int?> _vocabularySize = new("--vocabulary-size", "--maximum-size", "--max-vocabulary")
    {
        Description =
            "The largest vocabulary. Of words: the two marks included, the most frequent words stay [default: 1,000,000]. Of byte " +
            "pairs: the 256 bytes included [default: 8,000].",
        HelpName = "integer",
    };

    private readonly Option<int> _minimumCount = new("--minimum-count", "--min-count")
    {
        Description = "How often a word must occur in the training text to be known; at least 1. Only for words.",
        HelpName = "integer",
        DefaultValueFactory = _ => new VocabularyTokenizingEstimator.Options().MinimumCount,
    };

    public TokenizerOptions() => _tokenizer.Description =
        "words: what white space separates; bpe: byte pairs learnt from the training text, without unknown words.";

    public IEnumerable<Option> All => [_tokenizer, _vocabularySize, _minimumCount];

    /// <summary>A tokenizer of the text of <see cref="TextLine"/>.</summary>
    public IEstimator<ITransformer> Create(Session session, MLContext ml, string tokensColumn, MixtureOfSoftmaxesTrainer.Options marks)
    {
        int? size = session.Get(_vocabularySize);
        if (session.Get(_tokenizer) == BytePairs)
        {
            if (session.IsGiven(_minimumCount))
            {
                throw new UsageException("--minimum-count is for words; byte pairs know every text.");
            }

            var pairs = new BytePairTokenizingEstimator.Options();
            pairs.VocabularySize = size ?? pairs.VocabularySize;
            return ml.LanguageModeling.TokenizeIntoBytePairs(tokensColumn, nameof(TextLine.Text), pairs);
        }

        var words = new VocabularyTokenizingEstimator.Options
        {
            MinimumCount = session.Get(_minimumCount),
            UnknownWord = marks.UnknownWord,
            EndOfSentence = marks.EndOfSentence,
        };
        words.MaximumSize = size ?? words.MaximumSize;
        return ml.LanguageModeling.TokenizeIntoVocabulary(tokensColumn, nameof(TextLine.Text), words);
    }
}
