using Microsoft.ML.MixtureOfSoftmaxes;

namespace MosService;

/// <summary>The body of a request to <c>/score</c>: one text, or several.</summary>
internal sealed record ScoreBody(string? Text, IReadOnlyList<string>? Texts)
{
    /// <exception cref="ArgumentException">Neither or both are given.</exception>
    public IReadOnlyList<string> AllTexts() => (Text, Texts) switch
    {
        (string text, null) => [text],
        (null, { } texts) => texts,
        _ => throw new ArgumentException("""Give either {"text": "..."} or {"texts": ["...", ...]}."""),
    };
}

/// <summary>The answer: a score for each text, in the order of the texts.</summary>
internal sealed record ScoreResponse(IReadOnlyList<TextScore> Scores);
