using Microsoft.ML.MixtureOfSoftmaxes;

namespace MosService;

/// <summary>What is posted to <c>/score</c>: one text, or several.</summary>
internal sealed record ScoreBody(string? Text, IReadOnlyList<string>? Texts)
{
    /// <exception cref="ArgumentException">Neither is given, or both.</exception>
    public IReadOnlyList<string> AllTexts() => (Text, Texts) switch
    {
        (string text, null) => [text],
        (null, { } texts) => texts,
        _ => throw new ArgumentException("""Give either {"text": "..."} or {"texts": ["...", ...]}."""),
    };
}

/// <summary>One score a text, in the order of the texts.</summary>
internal sealed record ScoreResponse(IReadOnlyList<TextScore> Scores);
