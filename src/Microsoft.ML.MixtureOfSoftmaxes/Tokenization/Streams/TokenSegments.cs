namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>Parts of a sequence in another order. Nothing is copied; the sequence is the caller's.</summary>
internal sealed class TokenSegments : TokenSequence
{
    private readonly TokenSequence _source;
    private readonly (long Start, long Length)[] _segments;
    private readonly long[] _ends;

    /// <param name="source">What the segments are of.</param>
    /// <param name="segments">In reading order.</param>
    public TokenSegments(TokenSequence source, IEnumerable<(long Start, long Length)> segments)
    {
        _source = source;
        _segments = [.. segments.Where(segment => segment.Length > 0)];
        _ends = new long[_segments.Length];
        long end = 0;
        for (int i = 0; i < _segments.Length; i++)
        {
            _ends[i] = end += _segments[i].Length;
        }
    }

    public override long Length => _ends is [.., long end] ? end : 0;

    public override void CopyTo(Span<int> destination, long start)
    {
        // Of equal ends, which there are none, any; between two ends, the segment that reaches beyond.
        int i = Array.BinarySearch(_ends, start + 1);
        for (i = i < 0 ? ~i : i; destination.Length > 0; i++)
        {
            long left = _ends[i] - start;
            int count = (int)Math.Min(left, destination.Length);
            _source.CopyTo(destination[..count], _segments[i].Start + _segments[i].Length - left);
            destination = destination[count..];
            start += count;
        }
    }
}
