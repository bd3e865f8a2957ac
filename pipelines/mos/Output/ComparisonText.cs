using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Reports;
using Mos.Reports.Tables;

namespace Mos.Output;

/// <summary>Writes a comparison of models as tables of text.</summary>
internal static class ComparisonText
{
    /// <summary>Longer contexts are cut, so that a row stays on one line.</summary>
    private const int MaxContextLength = 60;

    public static void Write(TextWriter writer, ModelComparison comparison)
    {
        IReadOnlyList<ComparedModel> models = comparison.Models;
        TextTable.Write(writer, "model", [.. ComparisonTable.Quality, .. ComparisonTable.Cost], models, model => model.Name);
        writer.WriteLine();
        writer.WriteLine("Perplexity by how often words occur in the data:");
        TextTable.Write(writer, "occurrences", BandTable.Columns(models), BandTable.Rows(comparison), BandTable.Name);
        if (comparison.Disagreements.Count > 0)
        {
            writer.WriteLine();
            writer.WriteLine("The words about which the models differ most, and the probabilities they give them:");
            TextTable.Write(
                writer,
                "context and word",
                [
                    .. models.Select((model, i) => (
                        model.Name, (Func<Disagreement, string>)(row => Numbers.Probability(row.LogProbabilities[i])))),
                ],
                comparison.Disagreements,
                row => $"{End(string.Join(' ', row.Context))} [{row.Word}]");
        }
    }

    private static string End(string context) => context.Length > MaxContextLength ? $"…{context[^MaxContextLength..]}" : context;
}
