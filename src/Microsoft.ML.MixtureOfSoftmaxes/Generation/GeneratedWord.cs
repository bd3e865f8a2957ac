namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>A word that a model generated, or a piece of one.</summary>
/// <param name="Word">The word, the printable name of the byte pair, the piece as its tokenizer calls it, or the end-of-sentence mark.</param>
/// <param name="LogProbability">
/// log P of the word given all before it, nats: the model's own, before temperature and cuts, so that the sum over a text is the
/// log-likelihood that scoring gives it.
/// </param>
/// <param name="IsEndOfSentence">Whether it is the end-of-sentence mark.</param>
/// <param name="Text">
/// What it adds to the text. A word adds itself, after a space unless a line begins there or the prompt ends with white space. A byte pair
/// adds the characters that it completes, so none where it ends within its first; what no bytes complete is U+FFFD. Pieces of words bring the
/// spaces that their tokenizer gives them. An end of sentence adds a line feed if another sentence follows it, and nothing if the text ends.
/// </param>
public readonly record struct GeneratedWord(string Word, double LogProbability, bool IsEndOfSentence, string Text);
