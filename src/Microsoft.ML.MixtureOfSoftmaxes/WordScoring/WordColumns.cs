using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.WordScoring;

/// <summary>The columns about words, of those about tokens and the text.</summary>
internal sealed class WordColumns : AddedColumns
{
    public const string Starts = "WordStarts";
    public const string Lengths = "WordLengths";
    public const string TokenCounts = "WordTokenCounts";
    public const string Surprisals = "WordSurprisals";
    public const string Unknown = "WordIsUnknown";
    public const string End = "EndSurprisal";

    /// <summary>All of them, in the order in which they are added.</summary>
    public static readonly string[] Names = [Starts, Lengths, TokenCounts, Surprisals, Unknown, End];

    private static readonly VectorDataViewType s_integers = new(NumberDataViewType.Int32);

    private static readonly DataViewType[] s_types =
        [s_integers, s_integers, s_integers, new VectorDataViewType(NumberDataViewType.Single), s_integers, NumberDataViewType.Single];

    private readonly DataViewSchema.Column _text;
    private readonly DataViewSchema.Column _tokens;
    private readonly DataViewSchema.Column _logLikelihoods;
    private readonly IScoringModel _model;
    private readonly WordAligner _aligner;

    /// <exception cref="ArgumentOutOfRangeException">A column is absent or of another type.</exception>
    public WordColumns(DataViewSchema schema, string textColumnName, IScoringModel model, WordAligner aligner)
        : this(
            schema, InputColumn.Text(schema, textColumnName), schema[model.Scoring.TokensColumnName!],
            schema[model.Scoring.TokenLogLikelihoodsColumnName!], model, aligner)
    {
    }

    private WordColumns(
        DataViewSchema schema, DataViewSchema.Column text, DataViewSchema.Column tokens, DataViewSchema.Column logLikelihoods,
        IScoringModel model, WordAligner aligner)
        : base(
            schema, Names.Zip(s_types, (name, type) => new DataViewSchema.DetachedColumn(name, type)), text.Index, tokens.Index,
            logLikelihoods.Index)
    {
        _text = text;
        _tokens = tokens;
        _logLikelihoods = logLikelihoods;
        _model = model;
        _aligner = aligner;
    }

    /// <summary>The columns of the input that words are made of.</summary>
    public DataViewSchema.Column[] Sources => [_text, _tokens, _logLikelihoods];

    public override Delegate?[] CreateGetters(DataViewRow input, bool[] active)
    {
        if (!active.Contains(true))
        {
            return new Delegate?[active.Length];
        }

        Func<TextSurprisal> read = Open(input);
        long position = -1;
        TextSurprisal? current = null;
        return
        [
            Vector(row => row.Words.Select(word => word.Start)),
            Vector(row => row.Words.Select(word => word.Length)),
            Vector(row => row.Words.Select(word => word.TokenCount)),
            Vector(row => row.Words.Select(word => (float)word.Surprisal)),
            Vector(row => row.Words.Select(word => word.IsUnknown ? 1 : 0)),
            (ValueGetter<float>)((ref float value) => value = (float)Current().EndSurprisal),
        ];

        TextSurprisal Current()
        {
            if (current is null || position != input.Position)
            {
                (current, position) = (read(), input.Position);
            }

            return current;
        }

        ValueGetter<VBuffer<T>> Vector<T>(Func<TextSurprisal, IEnumerable<T>> select) => (ref VBuffer<T> values) =>
        {
            T[] all = [.. select(Current())];
            values = new(all.Length, all);
        };
    }

    /// <summary>A function that reads the words of the row that <paramref name="row"/> stands at.</summary>
    public Func<TextSurprisal> Open(DataViewRow row)
    {
        ValueGetter<ReadOnlyMemory<char>> getText = row.GetGetter<ReadOnlyMemory<char>>(_text);
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getTokens = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(_tokens);
        ValueGetter<VBuffer<float>> getLogLikelihoods = row.GetGetter<VBuffer<float>>(_logLikelihoods);
        ReadOnlyMemory<char> text = default;
        VBuffer<ReadOnlyMemory<char>> names = default;
        VBuffer<float> logLikelihoods = default;
        return () =>
        {
            getText(ref text);
            getTokens(ref names);
            getLogLikelihoods(ref logLikelihoods);
            int[] tokens = [.. names.DenseValues().Select(name => _model.Vocabulary.IndexOf(name.Span))];
            return Sum(text.ToString(), tokens, [.. logLikelihoods.DenseValues()]);
        };
    }

    private TextSurprisal Sum(string text, int[] tokens, float[] logLikelihoods)
    {
        int length = tokens.Length - (_model.Scoring.CountEndOfSentence ? 1 : 0);
        var words = new List<WordSurprisal>();
        int token = 0;
        foreach (AlignedWord word in _aligner.Align(text, tokens.AsSpan(..length)))
        {
            Range own = token..(token + word.TokenCount);
            words.Add(new(
                text.Substring(word.Start, word.Length), word.Start, word.Length, Bits(own), word.TokenCount,
                tokens[own].Contains(_model.Vocabulary.UnknownIndex)));
            token += word.TokenCount;
        }

        return new(words, Bits(token..));

        double Bits(Range range) => -tokens[range].Zip(logLikelihoods[range])
            .Where(pair => _model.Scoring.CountUnknownWords || pair.First != _model.Vocabulary.UnknownIndex)
            .Sum(pair => (double)pair.Second) / Math.Log(2);
    }
}
