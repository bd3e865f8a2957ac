using System.Text.Json.Serialization;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Which columns the scorer adds, what counts, and what rows are conditioned on. A column whose name is null is not added; one that is
/// added is computed only where a reader asks for it.
/// </summary>
public sealed record ScoringOptions
{
    /// <summary>
    /// Single: the log-likelihood of the row in nats, the sum of log P over what counts: its words and its end-of-sentence mark, unless
    /// <see cref="CountUnknownWords"/> or <see cref="CountEndOfSentence"/> leaves some out. Default <c>LogLikelihood</c>.
    /// </summary>
    public string LogLikelihoodColumnName { get; init; } = "LogLikelihood";

    /// <summary>Int32: how many predictions that sum holds. Default <c>TokenCount</c>.</summary>
    public string TokenCountColumnName { get; init; } = "TokenCount";

    /// <summary>
    /// Int32: how many of these predictions are of the unknown word; none where <see cref="CountUnknownWords"/> leaves it out. Default
    /// <c>OutOfVocabularyCount</c>.
    /// </summary>
    public string OutOfVocabularyCountColumnName { get; init; } = "OutOfVocabularyCount";

    /// <summary>Single: exp(-LogLikelihood / TokenCount); NaN where nothing counts. Default <c>Perplexity</c>.</summary>
    public string PerplexityColumnName { get; init; } = "Perplexity";

    /// <summary>
    /// Single: -LogLikelihood in bits over the characters (Unicode code points) of what counts: the words as the model knows them, joined
    /// by one space, or the text that byte pairs stand for; and one for the end of the sentence. NaN where nothing counts. Default
    /// <c>BitsPerCharacter</c>.
    /// </summary>
    public string BitsPerCharacterColumnName { get; init; } = "BitsPerCharacter";

    /// <summary>
    /// Boolean: whether greedy decoding gives the row: in the place of no token that counts another is likelier. Default null: not added.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IsGreedyColumnName { get; init; }

    /// <summary>
    /// Vector of String, T of them: what was predicted, in order: the words as the model knows them, an unknown one as its unknown word,
    /// and the end-of-sentence mark if it counts. The other columns by token are in the same order. Default null: not added.
    /// </summary>
    public string? TokensColumnName { get; init; }

    /// <summary>Vector of Single, [T]: log P of each token in nats, of unknown words too. Default null: not added.</summary>
    public string? TokenLogLikelihoodsColumnName { get; init; }

    /// <summary>
    /// Vector of Int32, [T]: the rank of each token among all words of the vocabulary, 1 for the likeliest. Default null: not added.
    /// </summary>
    public string? TokenRanksColumnName { get; init; }

    /// <summary>
    /// Vector of String, [T x <see cref="TopCount"/>] row by row: the likeliest words in the place of each token, best first. The last
    /// <see cref="TopCount"/> stand in the place of the end-of-sentence mark: how the text would go on. Default null: not added.
    /// </summary>
    public string? TopTokensColumnName { get; init; }

    /// <summary>Vector of Single: the probabilities of the top tokens, in the same order. Default null: not added.</summary>
    public string? TopProbabilitiesColumnName { get; init; }

    /// <summary>How many words the top columns hold for a token, at least 1; all words of a smaller vocabulary. Default 5.</summary>
    public int TopCount { get; init; } = 5;

    /// <summary>
    /// Whether unknown words count, with the probability of the unknown word, as they do in the literature; otherwise they are read, and
    /// what follows is conditioned on them, but they are left out of sum and count. Default true.
    /// </summary>
    public bool CountUnknownWords { get; init; } = true;

    /// <summary>Whether the end-of-sentence mark after the last word of a row counts. Default true.</summary>
    public bool CountEndOfSentence { get; init; } = true;

    /// <summary>What rows are conditioned on. Default <see cref="ScoringContext.Row"/>.</summary>
    public ScoringContext Context { get; init; } = ScoringContext.Row;

    /// <summary>
    /// The column that tells documents apart, text, a key or an integer; needed where <see cref="Context"/> is
    /// <see cref="ScoringContext.Document"/>, and read nowhere else. Default null.
    /// </summary>
    public string? DocumentColumnName { get; init; }

    /// <summary>
    /// The token column of the text that each row continues, read after an end-of-sentence mark: what is scored is log P of the row given it.
    /// Both need a token at least. It goes with <see cref="ScoringContext.Row"/>; <c>AddContextColumn</c> of the catalog makes it of a text
    /// column. Default null: rows continue nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ContextTokensColumnName { get; init; }

    /// <summary>
    /// What the factors of the large matrix products are. Ranks and top words, and a model that adapts, are computed in float32 all the
    /// same; but the products that ranks and top words need on a GPU are those of <see cref="Precision.TensorFloat32"/> unless this is
    /// <see cref="Precision.Float32"/>. Default null: <see cref="Precision.Float32"/> on a CPU, <see cref="Precision.TensorFloat32"/> on a GPU.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Precision? Precision { get; init; }

    /// <summary>
    /// Experts of a mixture are skipped whose priors sum to no more than this in the place of a token, the smallest first, and the others'
    /// normalised anew: each probability is off by at most so much. A model that adapts computes all. Default 0: all are computed; below 1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double SkippedPrior { get; init; }

    /// <summary>
    /// Vector of Int32, [T]: how many experts were computed in the place of each token, all unless <see cref="SkippedPrior"/> is set. Default
    /// null: not added.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenExpertsColumnName { get; init; }

    /// <summary>Vector of Single, [T]: what the priors of the experts sum to that were skipped there. Default null: not added.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenSkippedPriorsColumnName { get; init; }

    /// <exception cref="ArgumentException">A value is out of its range, or two columns have one name.</exception>
    internal void Validate()
    {
        string?[] always =
        [
            LogLikelihoodColumnName, TokenCountColumnName, OutOfVocabularyCountColumnName, PerplexityColumnName, BitsPerCharacterColumnName,
        ];
        string?[] onRequest =
        [
            IsGreedyColumnName, TokensColumnName, TokenLogLikelihoodsColumnName, TokenRanksColumnName, TopTokensColumnName,
            TopProbabilitiesColumnName, TokenExpertsColumnName, TokenSkippedPriorsColumnName,
        ];
        string?[] names = [.. always, .. onRequest.Where(name => name is not null)];
        if (names.Any(string.IsNullOrWhiteSpace) || names.Distinct(StringComparer.Ordinal).Count() < names.Length)
        {
            throw new ArgumentException(
                $"The score columns are named {string.Join(", ", names.Select(name => $"'{name}'"))}: each needs a name of its own.");
        }

        OptionRange.Range(TopCount, 1, int.MaxValue);
        OptionRange.Defined(Context);
        OptionRange.Defined(Precision);
        OptionRange.Rate(SkippedPrior);
        if (Context == ScoringContext.Document && string.IsNullOrWhiteSpace(DocumentColumnName))
        {
            throw new ArgumentException("Context is Document, so DocumentColumnName must name the column that tells documents apart.");
        }

        if (ContextTokensColumnName is not null && (Context != ScoringContext.Row || string.IsNullOrWhiteSpace(ContextTokensColumnName)))
        {
            throw new ArgumentException(
                $"ContextTokensColumnName is '{ContextTokensColumnName}' and Context is {Context}: a column can give each row what it continues " +
                "only where rows are scored by themselves. Set Context to Row, or ContextTokensColumnName to null.");
        }
    }
}
