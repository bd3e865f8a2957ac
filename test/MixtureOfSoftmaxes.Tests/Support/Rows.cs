namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

internal sealed class TextRow
{
    public string Text { get; set; } = "";
}

/// <summary>The columns that a language model adds.</summary>
internal sealed class ScoredRow
{
    public float LogLikelihood { get; set; }

    public int TokenCount { get; set; }

    public int OutOfVocabularyCount { get; set; }

    public float Perplexity { get; set; }

    public float BitsPerCharacter { get; set; }
}

internal static class Rows
{
    public static IDataView Texts(this MLContext ml, params IEnumerable<string> texts) =>
        ml.Data.LoadFromEnumerable(texts.Select(text => new TextRow { Text = text }).ToArray());

    public static ScoredRow[] Score(this MLContext ml, ITransformer model, IDataView data) =>
        [.. ml.Data.CreateEnumerable<ScoredRow>(model.Transform(data), reuseRowObject: false)];

    public static ScoredRow[] Score(this MLContext ml, ITransformer model, params string[] texts) => ml.Score(model, ml.Texts(texts));
}
