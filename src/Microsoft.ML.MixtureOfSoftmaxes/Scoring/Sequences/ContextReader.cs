using System.Runtime.InteropServices;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Reads the contexts that continuations follow, batch after batch. A context that several of a batch have is read once, and one that is all
/// of a batch's is kept for the next.
/// </summary>
internal sealed class ContextReader(LanguageModelNetwork network, int endOfSentence) : IDisposable
{
    private int[]? _context;
    private TextStates? _states;

    /// <summary>The states after the different ones of some contexts, and the place among these of each. They stay the reader's.</summary>
    public (TextStates States, int[] Places) Read(IReadOnlyList<int[]> contexts, Cancellation cancellation)
    {
        // The longest first, so that those whose end comes first are the last of the columns in work.
        int[][] distinct = [.. contexts.Distinct(SameWords.Comparer).OrderByDescending(context => context.Length)];
        if (_context is null || distinct is not [int[] only] || !only.AsSpan().SequenceEqual(_context))
        {
            TextStates states = ReadSideBySide(distinct, cancellation);
            Dispose();
            _states = states;
            _context = distinct is [int[] one] ? one : null;
        }

        Dictionary<int[], int> places = distinct.Index().ToDictionary(column => column.Item, column => column.Index, SameWords.Comparer);
        return (_states!, [.. contexts.Select(context => places[context])]);
    }

    public void Dispose()
    {
        _states?.Dispose();
        _states = null;
        _context = null;
    }

    private TextStates ReadSideBySide(int[][] descending, Cancellation cancellation)
    {
        // Shortest first: a column leaves when its context ends, and the others read on.
        var ended = new List<TextStates>();
        using TextStates reading = TextStates.Start(network, endOfSentence);
        reading.Keep(new int[descending.Length]);
        try
        {
            for ((int left, int done) = (descending.Length, 0); left > 0;)
            {
                int length = descending[left - 1].Length;
                reading.Read([.. descending.Take(left).Select(context => (ReadOnlyMemory<int>)context.AsMemory(done..length))], cancellation);
                int longer = descending.Count(context => context.Length > length);
                ended.Add(reading.Select([.. Enumerable.Range(longer, left - longer)]));
                reading.Keep([.. Enumerable.Range(0, longer)]);
                (left, done) = (longer, length);
            }

            ended.Reverse();
            return TextStates.Join(ended);
        }
        finally
        {
            ended.ForEach(states => states.Dispose());
        }
    }

    private sealed class SameWords : IEqualityComparer<int[]>
    {
        public static SameWords Comparer { get; } = new();

        public bool Equals(int[]? a, int[]? b) => ReferenceEquals(a, b) || a.AsSpan().SequenceEqual(b);

        public int GetHashCode(int[] words)
        {
            var hash = default(HashCode);
            hash.AddBytes(MemoryMarshal.AsBytes(words.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
