using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Shows the first rows of data, for a debugger or an interactive session.</summary>
public static class DebuggerExtensions
{
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100) => new(data, maxRows);

    public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = 100) =>
        new(transformer.Transform(data), maxRows);

    /// <summary>What the estimator makes of the data when it is fitted to the first rows.</summary>
    public static DataDebuggerPreview Preview(
        this IEstimator<ITransformer> estimator, IDataView data, int maxRows = 100, int maxTrainingRows = 100)
    {
        Contracts.CheckValue(estimator, nameof(estimator));
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(maxTrainingRows >= 0, nameof(maxTrainingRows), "Must be non-negative");
        var trainingRows = new RowRangeView(new MLContext(), data, skip: 0, take: maxTrainingRows);
        return new DataDebuggerPreview(estimator.Fit(trainingRows).Transform(data), maxRows);
    }
}
