using System.CommandLine;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Options;

/// <summary>What rows are conditioned on and what counts: options of the commands that score text.</summary>
internal sealed class ScoringChoices
{
    private readonly Option<string> _context;

    private readonly Option<string> _precision = ScalarValue.CreateChoice(
        "--precision", Names.Short(nameof(Precision.Float32)), Enum.GetNames<Precision>().Select(Names.Short));

    private readonly Option<bool> _ignoreUnknown = new("--ignore-unknown")
    {
        Description = "Unknown words do not count; otherwise they do, with the probability of the unknown word.",
    };

    private readonly Option<bool> _ignoreEnd = new("--ignore-end-of-sentence")
    {
        Description = "The end of each row does not count; otherwise it is a token as words are.",
    };

    public ScoringChoices(ScoringContext usual)
    {
        _context = ScalarValue.CreateChoice("--context", Names.Short($"{usual}"), Enum.GetNames<ScoringContext>().Select(Names.Short));
        _context.Description =
            "row: each row by itself; stream: the rows are one text, each conditioned on all before it, as corpora are evaluated in the " +
            "literature; document: each file is one such text.";
        _precision.Description = "What the factors of the large matrix products are; bfloat16 is about twice as fast where the processor has it.";
    }

    public IEnumerable<Option> All => [_context, _precision, _ignoreUnknown, _ignoreEnd];

    public ScoringContext Context(Session session) => Enum.Parse<ScoringContext>(session.Get(_context), ignoreCase: true);

    /// <summary>The scoring options as chosen on the command line.</summary>
    public ScoringOptions Apply(Session session, ScoringOptions scoring) => scoring with
    {
        Context = Context(session),
        Precision = Enum.Parse<Precision>(session.Get(_precision), ignoreCase: true),
        DocumentColumnName = nameof(TextLine.File),
        CountUnknownWords = !session.Get(_ignoreUnknown),
        CountEndOfSentence = !session.Get(_ignoreEnd),
    };
}
