namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How a model is exported to ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>In which numbers the weights stand. Default <see cref="OnnxWeights.Float32"/>.</summary>
    public OnnxWeights Weights { get; init; } = OnnxWeights.Float32;

    /// <summary>
    /// Whether the graph has the output <c>next_log_probabilities</c>, log P of every word to be the next after each row, [batch, V]; it costs a
    /// pass of the decoder for each row, asked for or not. Default false.
    /// </summary>
    public bool IncludeNextWords { get; init; }

    /// <summary>The text of the licence, or its name, to stand in the metadata as <c>license</c>. Default null: none.</summary>
    public string? License { get; init; }

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Validate() => OptionRange.Defined(Weights);
}
