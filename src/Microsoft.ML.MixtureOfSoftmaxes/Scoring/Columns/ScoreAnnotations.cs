using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// What ML.NET's own scorers say of their columns, for what looks for scores by it: which columns one scorer added, of what kind of task, and
/// what each of them is.
/// </summary>
internal static class ScoreAnnotations
{
    public const string SetId = "ScoreColumnSetId";
    public const string Kind = "ScoreColumnKind";
    public const string ValueKind = "ScoreValueKind";
    public const string IsNormalized = "IsNormalized";

    private const string Task = "LanguageModeling";
    private const string Probability = "Probability";

    // ML.NET's type of the numbers of sets.
    private static readonly KeyDataViewType s_setId = new(typeof(uint), int.MaxValue);

    /// <summary>Null for a column that is no score.</summary>
    public static DataViewSchema.Annotations? Create(ScoringOptions options, string column, uint setId)
    {
        if (ValueKindOf(options, column) is not string kind)
        {
            return null;
        }

        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(SetId, s_setId, (ref uint value) => value = setId);
        annotations.AddPrimitiveValue(Kind, TextDataViewType.Instance, Task.AsMemory());
        annotations.AddPrimitiveValue(ValueKind, TextDataViewType.Instance, kind.AsMemory());
        if (kind == Probability)
        {
            annotations.AddPrimitiveValue(IsNormalized, BooleanDataViewType.Instance, true);
        }

        return annotations.ToAnnotations();
    }

    public static SchemaShape.Column[] Shapes(ScoringOptions options, string column) => ValueKindOf(options, column) is not string kind
        ? []
        :
        [
            SchemaShapes.Key(SetId),
            SchemaShapes.Scalar(Kind, TextDataViewType.Instance),
            SchemaShapes.Scalar(ValueKind, TextDataViewType.Instance),
            .. kind == Probability ? [SchemaShapes.Scalar(IsNormalized, BooleanDataViewType.Instance)] : (SchemaShape.Column[])[],
        ];

    /// <summary>The number of the set after those in a schema.</summary>
    public static uint NextSetId(DataViewSchema schema) => 1 + schema.Select(column =>
    {
        uint id = 0;
        if (column.Annotations.Schema.GetColumnOrNull(SetId)?.Type is KeyDataViewType { RawType: var raw } && raw == typeof(uint))
        {
            column.Annotations.GetValue(SetId, ref id);
        }

        return id;
    }).DefaultIfEmpty().Max();

    private static string? ValueKindOf(ScoringOptions options, string column) =>
        column == options.LogLikelihoodColumnName ? "Score"
        : column == options.TopProbabilitiesColumnName ? Probability
        : column == options.TopTokensColumnName ? "PredictedLabel"
        : null;
}
