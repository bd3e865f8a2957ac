using System.Buffers;

namespace Microsoft.ML.Transforms.Text;

/// <summary>What becomes of each character of a text: another one, or none.</summary>
internal sealed record CharacterNormalizer(
    TextNormalizingEstimator.CaseMode Case, bool KeepDiacritics, bool KeepPunctuations, bool KeepNumbers)
{
    /// <summary>The text itself where nothing changes.</summary>
    public ReadOnlyMemory<char> Normalize(ReadOnlyMemory<char> text)
    {
        char[] buffer = ArrayPool<char>.Shared.Rent(text.Length);
        int length = 0;
        foreach (char character in text.Span)
        {
            if (Keeps(character))
                buffer[length++] = Normalize(character);
        }

        ReadOnlySpan<char> normalized = buffer.AsSpan(0, length);
        ReadOnlyMemory<char> result = normalized.SequenceEqual(text.Span) ? text : normalized.ToString().AsMemory();
        ArrayPool<char>.Shared.Return(buffer);
        return result;
    }

    private bool Keeps(char character) =>
        (KeepPunctuations || !char.IsPunctuation(character))
        && (KeepNumbers || !char.IsNumber(character))
        && (KeepDiacritics || !Diacritics.IsCombining(character));

    private char Normalize(char character)
    {
        if (!KeepDiacritics)
            character = Diacritics.Remove(character);
        return Case switch
        {
            TextNormalizingEstimator.CaseMode.Lower => char.ToLowerInvariant(character),
            TextNormalizingEstimator.CaseMode.Upper => char.ToUpperInvariant(character),
            _ => character,
        };
    }
}
