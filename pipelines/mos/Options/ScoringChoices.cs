using System.CommandLine;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Options;

/// <summary>The options of commands that score text: on what rows are conditioned, the precision, and what counts.</summary>
internal sealed class ScoringChoices
{
    private readonly Option<string> _context;

    private readonly Option<string?> _precision = ScalarValue.CreateOptionalChoice(
        "--precision", Enum.GetNames<Precision>().Select(Names.Short));

    private readonly Option<object> _skippedPrior = ScalarValue.CreateOption(typeof(double), "--skipped-prior");

    private readonly Option<bool> _ignoreUnknown = new("--ignore-unknown")
    {
        Description = "Leave out unknown words. Without it they count, with the probability of the unknown word.",
    };

    private readonly Option<bool> _ignoreEnd = new("--ignore-end-of-sentence")
    {
        Description = "Leave out the end of each row. Without it the end is a token, as words are.",
    };

    public ScoringChoices(ScoringContext defaultContext)
    {
        _context = ScalarValue.CreateChoice(
            "--context", Names.Short($"{defaultContext}"), Enum.GetNames<ScoringContext>().Select(Names.Short));
        _context.Description =
            "row: each row by itself; stream: the rows are one text, each conditioned on all before it, as in the literature; " +
            "document: each file is one such text.";
        _precision.Description =
            "The precision of the factors of large matrix products; bfloat16 is about twice as fast on processors with it. " +
            "[default: float32 on the CPU, tensorfloat32 on a GPU]";
        _skippedPrior.Description =
            "Leave out experts whose priors sum to no more than this, which changes no probability by more. [default: 0, all are computed]";
    }

    public IEnumerable<Option> All => [_context, _precision, _skippedPrior, _ignoreUnknown, _ignoreEnd];

    public ScoringContext Context(Session session) => Enum.Parse<ScoringContext>(session.Get(_context), ignoreCase: true);

    /// <summary>Scoring options as chosen on the command line.</summary>
    public ScoringOptions Apply(Session session, ScoringOptions scoring) => scoring with
    {
        TokenExpertsColumnName = IsSkipping(session) ? "TokenExperts" : null,
        TokenSkippedPriorsColumnName = IsSkipping(session) ? "TokenSkippedPriors" : null,
        Context = Context(session),
        Precision = session.Get(_precision) is string precision ? Enum.Parse<Precision>(precision, ignoreCase: true) : null,
        SkippedPrior = SkippedPrior(session),
        DocumentColumnName = nameof(TextLine.FileIndex),
        CountUnknownWords = !session.Get(_ignoreUnknown),
        CountEndOfSentence = !session.Get(_ignoreEnd),
    };

    /// <summary>What was skipped, in words.</summary>
    public static string Describe(ExpertUse use) => FormattableString.Invariant($"{use.MeanExperts:F2} for each token, ") +
        FormattableString.Invariant($"priors of {use.MeanSkippedPrior:G3} skipped on average, {use.LargestSkippedPrior:G3} at most");

    private double SkippedPrior(Session session) => session.Get(_skippedPrior) as double? ?? 0;

    private bool IsSkipping(Session session) => SkippedPrior(session) > 0;
}
