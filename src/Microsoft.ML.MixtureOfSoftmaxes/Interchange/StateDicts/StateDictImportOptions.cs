using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What a state dict does not say of the model to be made of it.</summary>
public sealed record StateDictImportOptions
{
    /// <summary>The word of the vocabulary that stands for unknown ones. Default <c>&lt;unk&gt;</c>.</summary>
    public string UnknownWord { get; init; } = "<unk>";

    /// <summary>The word of the vocabulary that stands for the end of a sentence. Default <c>&lt;eos&gt;</c>.</summary>
    public string EndOfSentence { get; init; } = "<eos>";

    /// <summary>The text column that the model reads. Default <c>Text</c>.</summary>
    public string TextColumnName { get; init; } = "Text";

    /// <summary>The token column between tokenizer and network. Default <c>Tokens</c>.</summary>
    public string TokensColumnName { get; init; } = "Tokens";

    internal void Validate()
    {
        Marks.Check(UnknownWord, EndOfSentence);
        OptionRange.Name(TextColumnName);
        OptionRange.Name(TokensColumnName);
    }
}
