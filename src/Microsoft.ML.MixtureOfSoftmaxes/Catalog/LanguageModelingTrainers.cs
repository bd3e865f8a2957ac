namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Trainers of language models; reached as <c>mlContext.LanguageModeling.Trainers</c>.</summary>
public sealed class LanguageModelingTrainers
{
    private readonly MLContext _context;

    internal LanguageModelingTrainers(MLContext context) => _context = context;

    /// <summary>An LSTM language model with a mixture-of-softmaxes head; what is not a parameter here has its default.</summary>
    /// <param name="tokensColumnName">A vector of keys with text as key values.</param>
    /// <param name="validationSet">
    /// Data with the token column whose loss decides which epoch's weights are kept; null to keep the last epoch's.
    /// </param>
    /// <param name="experts">K, the softmaxes of the mixture; 1 to 1,000.</param>
    /// <param name="embeddingSize">d, the size of word embeddings; at least 1.</param>
    /// <param name="hiddenSize">Outputs of each LSTM layer; at least 1.</param>
    /// <param name="maximumEpochs">Passes over the data at most; at least 1.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text")
    ///     .Append(ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", experts: 15));
    /// ITransformer model = pipeline.Fit(train);
    /// </code>
    /// </example>
    public MixtureOfSoftmaxesTrainer MixtureOfSoftmaxes(
        string tokensColumnName, IDataView? validationSet = null, int experts = 8, int embeddingSize = 128, int hiddenSize = 256,
        int maximumEpochs = 40) => MixtureOfSoftmaxes(
            tokensColumnName,
            new MixtureOfSoftmaxesTrainer.Options
            {
                ValidationSet = validationSet,
                Experts = experts,
                EmbeddingSize = embeddingSize,
                HiddenSize = hiddenSize,
                MaximumEpochs = maximumEpochs,
            });

    /// <summary>An LSTM language model with a mixture-of-softmaxes head, or with one of the heads it is compared with.</summary>
    /// <param name="tokensColumnName">A vector of keys with text as key values.</param>
    /// <param name="options">The network and how it is trained.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <example>
    /// <code>
    /// var trainer = ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", new MixtureOfSoftmaxesTrainer.Options
    /// {
    ///     Experts = 15,
    ///     ValidationSet = tokenizer.Transform(valid),
    ///     CheckpointFolder = "checkpoints",
    /// });
    /// </code>
    /// </example>
    public MixtureOfSoftmaxesTrainer MixtureOfSoftmaxes(string tokensColumnName, MixtureOfSoftmaxesTrainer.Options options) =>
        new(_context, tokensColumnName, options);
}
