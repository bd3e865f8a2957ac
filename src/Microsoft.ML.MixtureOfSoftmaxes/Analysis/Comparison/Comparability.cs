namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>Perplexities compare only over the same vocabulary and the same tokens.</summary>
internal static class Comparability
{
    public static void CheckNames(string[] names)
    {
        if (names.Length == 0)
        {
            throw new ArgumentException("No model is given; give those to compare.");
        }

        if (names.Any(string.IsNullOrWhiteSpace) || names.Distinct(StringComparer.Ordinal).Count() < names.Length)
        {
            throw new ArgumentException(
                $"The models are named {string.Join(", ", names.Select(name => $"'{name}'"))}: each needs a name of its own.");
        }
    }

    /// <summary>Refuses a model that conditions rows on what a comparison does not read.</summary>
    public static void CheckContext((string Name, LanguageModelTransformer Model) model)
    {
        if (model.Model.Scoring.Context == ScoringContext.Document)
        {
            throw new ArgumentException(
                $"Model '{model.Name}' scores in the context Document, but rows are compared by themselves or as one stream. ChangeScoring sets " +
                "the context.");
        }

        if (model.Model.Scoring.ContextTokensColumnName is string column)
        {
            throw new ArgumentException(
                $"Model '{model.Name}' scores rows as continuations of column '{column}', but rows are compared by themselves or as one stream. " +
                "ChangeScoring sets ContextTokensColumnName to null.");
        }
    }

    public static void Check((string Name, LanguageModelTransformer Model) a, (string Name, LanguageModelTransformer Model) b)
    {
        IReadOnlyList<string> first = a.Model.Words, second = b.Model.Words;
        if (!first.SequenceEqual(second))
        {
            int difference = first.Zip(second).TakeWhile(pair => pair.First == pair.Second).Count();
            throw new ArgumentException(
                $"Models '{a.Name}' and '{b.Name}' have different vocabularies, of {first.Count:N0} and {second.Count:N0} words, from word " +
                $"{difference:N0} on: their perplexities do not compare. Train both on the same text with the same tokenizer.");
        }

        if (a.Model.Scoring.Context != b.Model.Scoring.Context)
        {
            throw new ArgumentException(
                $"Model '{a.Name}' scores in the context {a.Model.Scoring.Context}, '{b.Name}' in {b.Model.Scoring.Context}: their " +
                "perplexities do not compare. ChangeScoring sets the context.");
        }
    }

    public static void CheckReading(string a, AnalyzedText first, string b, AnalyzedText second)
    {
        int difference = first.Rows.Zip(second.Rows).TakeWhile(pair => pair.First.AsSpan().SequenceEqual(pair.Second)).Count();
        if (difference < Math.Max(first.Rows.Count, second.Rows.Count))
        {
            throw new ArgumentException(
                $"Models '{a}' and '{b}' read row {difference} as different tokens: their perplexities do not compare. Give both the same " +
                "tokenizer.");
        }
    }
}
