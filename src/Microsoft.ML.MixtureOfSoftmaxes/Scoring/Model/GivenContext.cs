using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>A text that every row continues.</summary>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Tokenizer">What made them; null where they are words.</param>
internal sealed record GivenContext(int[] Tokens, ISubwordTokenizer? Tokenizer);
