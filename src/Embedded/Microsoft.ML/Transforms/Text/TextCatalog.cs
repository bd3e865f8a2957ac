using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;

namespace Microsoft.ML;

/// <summary>The transforms of <c>mlContext.Transforms.Text</c>.</summary>
public static class TextCatalog
{
    /// <summary>Changes the case of text and removes diacritics, punctuation and numbers, as asked.</summary>
    public static TextNormalizingEstimator NormalizeText(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        TextNormalizingEstimator.CaseMode caseMode = TextNormalizingEstimator.CaseMode.Lower,
        bool keepDiacritics = false,
        bool keepPunctuations = true,
        bool keepNumbers = true) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName, caseMode, keepDiacritics, keepPunctuations, keepNumbers);

    /// <summary>Splits text at separators, by default spaces, into a vector of words.</summary>
    public static WordTokenizingEstimator TokenizeIntoWords(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        char[]? separators = null) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName, separators);
}
