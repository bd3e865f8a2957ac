using System.Collections;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;

namespace Mos.Input;

/// <summary>A line of text, and that which it follows.</summary>
internal sealed class ContextLine
{
    public string Text { get; set; } = "";

    public string Context { get; set; } = "";
}

/// <summary>Lines of text, each with the one of the same number among the lines that they follow.</summary>
internal sealed class ContextLines(TextLines texts, TextLines contexts) : IEnumerable<ContextLine>
{
    public IEnumerator<ContextLine> GetEnumerator()
    {
        using IEnumerator<TextLine> text = texts.GetEnumerator(), context = contexts.GetEnumerator();
        for (long lines = 0; ; lines++)
        {
            bool hasText = text.MoveNext(), hasContext = context.MoveNext();
            if (hasText != hasContext)
            {
                throw new InvalidDataException(
                    $"There are {(hasText ? "fewer" : "more")} lines of contexts than of text, of which there are {lines:N0}" +
                    (hasText ? " and more: each line needs one." : ": check that both files belong together."));
            }

            if (!hasText)
            {
                yield break;
            }

            yield return new() { Text = text.Current.Text, Context = context.Current.Text };
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
