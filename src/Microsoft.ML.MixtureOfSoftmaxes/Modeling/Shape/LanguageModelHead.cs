namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How the last hidden state becomes a distribution over the next word.</summary>
public enum LanguageModelHead
{
    /// <summary>K softmaxes, mixed after the exponential: the log-probability matrix has no rank limit (paper, section 2.3).</summary>
    MixtureOfSoftmaxes,

    /// <summary>K context vectors, mixed before one softmax: as many parameters, but rank at most d + 1 (section 2.4).</summary>
    MixtureOfContexts,

    /// <summary>One softmax: rank at most d + 1.</summary>
    Softmax,

    /// <summary>
    /// K sigsoftmaxes in the place of the softmaxes, exp(z) sigmoid(z) normalised (Kanai et al., 2018); as many parameters, and with one
    /// expert a sigsoftmax by itself.
    /// </summary>
    MixtureOfSigSoftmaxes,

    /// <summary>
    /// One softmax over logits that are mixed word by word, by gates of their own for frequent words and shared ones for the others (Yang,
    /// Luong et al., 2019): d limits the rank over the others alone, at a cost closer to that of a softmax.
    /// </summary>
    Mixtape,

    /// <summary>
    /// One softmax over logits of which a learnt increasing function is taken, linear by pieces and the same for all words (Ganea, Gelly,
    /// Bécigneul, Severyn, 2019): no limit by d at the cost of a softmax and a number for each piece.
    /// </summary>
    Plif,

    /// <summary>
    /// A mixture of K softmaxes whose context vectors are made of several LSTM layers, some of the layers below the last; with a regulariser that
    /// keeps the priors of experts even (Takase, Suzuki, Nagata, 2018).
    /// </summary>
    DirectOutputConnection,

    /// <summary>
    /// K softmaxes, the first of which has contexts of its own for each of J partitions of the vocabulary (Chang, McCallum, 2022): with one softmax
    /// J times the rank for as many products with the decoder, with more no limit.
    /// </summary>
    MultiFacetSoftmax,
}
