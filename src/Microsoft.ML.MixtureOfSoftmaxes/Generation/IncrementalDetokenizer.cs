using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Generation;

/// <summary>
/// What each token adds to a text that is made token by token. A byte pair may end within a character: its bytes wait for those that
/// complete it.
/// </summary>
/// <param name="vocabulary">What the tokens are.</param>
/// <param name="prompt">The text that they continue.</param>
internal sealed class IncrementalDetokenizer(Vocabulary vocabulary, string prompt)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    private bool _isWithinLine = prompt.Length > 0 && !char.IsWhiteSpace(prompt[^1]);

    public string Add(int token, bool isLast)
    {
        bool isEnd = token == vocabulary.EndOfSentenceIndex;
        int spaces = isEnd ? 0 : vocabulary.SpacesBefore(token, isFirst: !_isWithinLine);
        byte[] bytes = isEnd ? [] : vocabulary.BytesOf(token)[Math.Max(0, -spaces)..];
        string lineEnd = isEnd && !isLast ? "\n" : "";
        _isWithinLine = !isEnd;
        return (spaces > 0 ? " " : "") + Decode(bytes, isComplete: isEnd || isLast) + lineEnd;
    }

    private string Decode(byte[] bytes, bool isComplete)
    {
        char[] text = new char[_decoder.GetCharCount(bytes, isComplete)];
        return new(text, 0, _decoder.GetChars(bytes, text, isComplete));
    }
}
