using System.Collections;

namespace Mos.Input;

/// <summary>Rows of text, each with the line of the same number among those that they follow as its context.</summary>
internal sealed class ContextRows(IEnumerable<TextRow> rows, IEnumerable<string> contexts) : IEnumerable<TextRow>
{
    public IEnumerator<TextRow> GetEnumerator()
    {
        using IEnumerator<TextRow> row = rows.GetEnumerator();
        using IEnumerator<string> context = contexts.GetEnumerator();
        for (long count = 0; ; count++)
        {
            bool hasText = row.MoveNext(), hasContext = context.MoveNext();
            if (hasText != hasContext)
            {
                throw new InvalidDataException(
                    $"There are {(hasText ? "fewer" : "more")} lines of contexts than of text, of which there are {count:N0}" +
                    (hasText ? " and more: each line needs one." : ": check that both files belong together."));
            }

            if (!hasText)
            {
                yield break;
            }

            row.Current.Context = context.Current;
            yield return row.Current;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
