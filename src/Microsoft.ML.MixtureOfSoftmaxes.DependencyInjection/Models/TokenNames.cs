using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Generation;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

/// <summary>What tokens look like to callers: their text; for bytes that are no text by themselves, the bytes.</summary>
internal sealed class TokenNames(Vocabulary vocabulary)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public int Count => vocabulary.Count;

    public int EndOfSentence => vocabulary.EndOfSentenceIndex;

    public int Unknown => vocabulary.UnknownIndex;

    /// <summary>The name of a token behind another one, or at the beginning.</summary>
    public string Of(int token, int? before)
    {
        if (token == EndOfSentence)
        {
            return vocabulary.EndOfSentence;
        }

        int spaces = vocabulary.SpacesBefore(token, isFirst: before is null || before == EndOfSentence);
        byte[] bytes = vocabulary.BytesOf(token)[Math.Max(0, -spaces)..];
        try
        {
            return (spaces > 0 ? " " : "") + s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return "bytes:" + string.Concat(bytes.Select(value => $"\\x{value:x2}"));
        }
    }

    /// <summary>What a token adds to a text as its last one.</summary>
    public string AddedTo(string text, int token) => new IncrementalDetokenizer(vocabulary, text).Add(token, isLast: true);
}
