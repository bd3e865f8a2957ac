namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>The function of a logit z that is normalised over the vocabulary.</summary>
internal enum OutputActivation
{
    /// <summary>exp(z).</summary>
    Softmax,

    /// <summary>exp(z) sigmoid(z) (Kanai, Fujiwara, Yamanaka, Adachi, NeurIPS 2018).</summary>
    SigSoftmax,
}
