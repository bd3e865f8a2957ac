namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Trainers of language models; reached as <c>mlContext.LanguageModeling.Trainers</c>.</summary>
public sealed class LanguageModelingTrainers
{
    private readonly MLContext _context;

    internal LanguageModelingTrainers(MLContext context) => _context = context;

    /// <summary>An LSTM language model with a mixture-of-softmaxes head, or one of the heads it is compared with.</summary>
    /// <param name="tokensColumnName">A vector of keys with text key values.</param>
    /// <param name="options">The network and how it is trained; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public MixtureOfSoftmaxesTrainer MixtureOfSoftmaxes(string tokensColumnName, MixtureOfSoftmaxesTrainer.Options? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(tokensColumnName);
        return new(_context, tokensColumnName, options ?? new());
    }
}
