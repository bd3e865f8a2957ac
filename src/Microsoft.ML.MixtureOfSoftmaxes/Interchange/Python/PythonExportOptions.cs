namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What the model card of an export says beyond what the model itself knows; what is null it calls not recorded.</summary>
public sealed record PythonExportOptions
{
    /// <summary>The heading. Default null: the kind of model.</summary>
    public string? Title { get; init; }

    /// <summary>The licence of the model, by the name that the Hub has for it, such as <c>mit</c>.</summary>
    public string? License { get; init; }

    /// <summary>What it was trained on, in a sentence.</summary>
    public string? TrainingData { get; init; }

    /// <summary>What <see cref="Metrics"/> were measured on and how, in a sentence: which text, rows by themselves or as a stream.</summary>
    public string? Evaluation { get; init; }

    /// <summary>Its figures, as <c>Evaluate</c> returns them.</summary>
    public LanguageModelMetrics? Metrics { get; init; }
}
