using System.CommandLine;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Mos.Options;

/// <summary>What counts as a word. The two marks are the trainer's.</summary>
internal sealed class VocabularyOptions
{
    private readonly Option<int> _minimumCount = new("--minimum-count", "--min-count")
    {
        Description = "How often a word must occur in the training text to be known; at least 1.",
        HelpName = "integer",
        DefaultValueFactory = _ => new VocabularyTokenizingEstimator.Options().MinimumCount,
    };

    private readonly Option<int> _maximumSize = new("--maximum-size", "--max-vocabulary")
    {
        Description = "The largest vocabulary, the marks for unknown words and ends of sentences included; the most frequent words stay.",
        HelpName = "integer",
        DefaultValueFactory = _ => new VocabularyTokenizingEstimator.Options().MaximumSize,
    };

    public IEnumerable<Option> All => [_minimumCount, _maximumSize];

    public VocabularyTokenizingEstimator.Options Read(Session session, MixtureOfSoftmaxesTrainer.Options marks) => new()
    {
        MinimumCount = session.Get(_minimumCount),
        MaximumSize = session.Get(_maximumSize),
        UnknownWord = marks.UnknownWord,
        EndOfSentence = marks.EndOfSentence,
    };
}
