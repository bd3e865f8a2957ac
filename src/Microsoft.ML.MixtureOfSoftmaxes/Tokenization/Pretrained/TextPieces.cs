using System.Text.RegularExpressions;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How text is cut into the pieces within which bytes are merged.</summary>
public static class TextPieces
{
    /// <summary>As by GPT-2: English contractions, and runs of letters, of digits and of other characters, each with the space before.</summary>
    public const string Gpt2 = "gpt2";

    /// <summary>
    /// As by <c>TokenizeIntoBytePairs</c>: runs of letters with their combining marks, of digits, of white space and of other characters, each
    /// with the space before, of at most 64 characters.
    /// </summary>
    public const string Runs = "runs";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">It is neither of the names, and no regular expression.</exception>
    internal static PreTokenizer Create(string pieces)
    {
        try
        {
            return pieces switch
            {
                Gpt2 => RobertaPreTokenizer.Instance,
                Runs => new PiecePreTokenizer(),
                _ => new PatternPreTokenizer(new Regex(pieces, RegexOptions.CultureInvariant, s_patience)),
            };
        }
        catch (RegexParseException e)
        {
            throw OptionRange.Wrong(nameof(TokenizerFiles.Pieces), $"'{pieces}'", $"'{Gpt2}', '{Runs}' or a regular expression. {e.Message}");
        }
    }
}
