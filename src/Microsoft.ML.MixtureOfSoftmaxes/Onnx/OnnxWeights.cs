namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>In which numbers the weights of a model exported to ONNX stand.</summary>
public enum OnnxWeights
{
    /// <summary>As they are: the scores are those of the model, but for roundings.</summary>
    Float32,

    /// <summary>
    /// One byte for each weight of the LSTM layers, the decoder and what makes contexts for it, a quarter of the size; what is multiplied
    /// with them is rounded to a byte as well, so that the products are of integers. The perplexity changes a little.
    /// </summary>
    EightBit,
}
