namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What turns gradients into steps.</summary>
public enum LanguageModelOptimizer
{
    /// <summary>Stochastic gradient descent without momentum, as in the paper; wants a rate of about 20.</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba, 2015); wants a rate of about 0.001 to 0.02.</summary>
    Adam,

    /// <summary>Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019); the same rates.</summary>
    AdamW,
}
