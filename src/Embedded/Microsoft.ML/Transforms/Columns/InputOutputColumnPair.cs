using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A new column and the column it is made from, which has the same name unless another is given.</summary>
public sealed class InputOutputColumnPair
{
    public InputOutputColumnPair(string outputColumnName, string? inputColumnName = null)
    {
        Contracts.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        InputColumnName = inputColumnName ?? outputColumnName;
        OutputColumnName = outputColumnName;
    }

    public string InputColumnName { get; }

    public string OutputColumnName { get; }

    internal static (string OutputColumnName, string InputColumnName)[] ToTuples(InputOutputColumnPair[] columns)
    {
        Contracts.CheckParam(columns is { Length: > 0 }, nameof(columns), "There must be at least one column");
        return [.. columns.Select(c => (c.OutputColumnName, c.InputColumnName))];
    }
}
