namespace Microsoft.ML;

/// <summary>Learns a transformer from data.</summary>
public interface IEstimator<out TTransformer>
    where TTransformer : ITransformer
{
    TTransformer Fit(IDataView input);

    /// <summary>The shape of what the fitted transformer gives for input of this shape, known without data.</summary>
    SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
