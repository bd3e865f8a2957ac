namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>The kinds of tokenizer files that <see cref="TokenizerFiles"/> reads.</summary>
public enum TokenizerKind
{
    /// <summary>
    /// Byte-level byte-pair encoding, as of GPT-2: <c>vocab.json</c> (an object from tokens to ids), then <c>merges.txt</c> (two tokens a
    /// line, the first merge first). All 256 bytes must be among the tokens.
    /// </summary>
    ByteLevelBpe,

    /// <summary>
    /// A tiktoken file: on each line a token's bytes in base64 and its rank, which is its id. All 256 bytes must be among the tokens.
    /// </summary>
    Tiktoken,

    /// <summary>A SentencePiece model of byte pairs or of unigrams, with the settings that are in it.</summary>
    SentencePiece,

    /// <summary>
    /// The WordPiece tokens of BERT: <c>vocab.txt</c>, a token a line, with <c>[UNK]</c>, <c>[CLS]</c>, <c>[SEP]</c>, <c>[PAD]</c> and
    /// <c>[MASK]</c> among them.
    /// </summary>
    WordPiece,
}
