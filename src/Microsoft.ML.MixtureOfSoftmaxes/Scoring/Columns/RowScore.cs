using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>The score of a row, and the values of its columns.</summary>
/// <param name="words">The row's words.</param>
/// <param name="scores">The scores of the words and of the end-of-sentence mark after them.</param>
/// <param name="vocabulary">What the ids stand for.</param>
/// <param name="options">Which tokens count.</param>
internal sealed class RowScore(int[] words, SequenceScores scores, Vocabulary vocabulary, ScoringOptions options)
{
    /// <summary>T: the words, and the mark if it counts.</summary>
    private int Length => words.Length + (options.CountEndOfSentence ? 1 : 0);

    public double LogLikelihood => Counted().Sum(token => (double)scores.LogLikelihoods[token]);

    public int TokenCount => Counted().Count();

    public int OutOfVocabularyCount => Counted().Count(token => Id(token) == vocabulary.UnknownIndex);

    public double Perplexity => Math.Exp(-LogLikelihood / TokenCount);

    public double BitsPerCharacter => -LogLikelihood / (Math.Log(2) * CharacterCount);

    /// <summary>Needs ranks.</summary>
    public bool IsGreedy => Counted().All(token => scores.Ranks[token] == 1);

    public ReadOnlyMemory<char>[] Tokens => [.. Enumerable.Range(0, Length).Select(token => Text(Id(token)))];

    public float[] TokenLogLikelihoods => scores.LogLikelihoods[..Length];

    public int[] TokenRanks => scores.Ranks[..Length];

    public int[] TokenExperts => scores.Experts[..Length];

    public float[] TokenSkippedPriors => scores.SkippedPriors[..Length];

    public ReadOnlyMemory<char>[] TopTokens => [.. scores.TopWords.Take(Length * scores.Detail.TopCount).Select(Text)];

    public float[] TopProbabilities => [.. scores.TopLogLikelihoods.Take(Length * scores.Detail.TopCount).Select(MathF.Exp)];

    // Words are joined by one space; pieces of words bring their own. One more character ends the sentence.
    private int CharacterCount
    {
        get
        {
            int[] counted = [.. Counted().Where(token => token < words.Length)];
            int letters = counted.Sum(token => vocabulary.CharacterCount(words[token]));
            int spaces = counted.Index().Sum(token => vocabulary.SpacesBefore(words[token.Item], isFirst: token.Index == 0));
            return letters + spaces + (options.CountEndOfSentence ? 1 : 0);
        }
    }

    private IEnumerable<int> Counted() =>
        Enumerable.Range(0, Length).Where(token => options.CountUnknownWords || Id(token) != vocabulary.UnknownIndex);

    private int Id(int token) => token < words.Length ? words[token] : vocabulary.EndOfSentenceIndex;

    private ReadOnlyMemory<char> Text(int id) => vocabulary.Words[id].AsMemory();
}
