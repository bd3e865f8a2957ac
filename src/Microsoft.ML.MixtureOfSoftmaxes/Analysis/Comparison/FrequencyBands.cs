namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>The words of a text in bands: once, 2 to 9 times, 10 to 99 times, and so on.</summary>
internal sealed class FrequencyBands
{
    private readonly int[] _bandOfWord;

    /// <param name="stream">Word ids.</param>
    /// <param name="vocabulary">V, above every id.</param>
    public FrequencyBands(int[] stream, int vocabulary)
    {
        long[] counts = new long[vocabulary];
        foreach (int word in stream)
        {
            counts[word]++;
        }

        int[] decades = [.. counts.Select(count => count switch { 0 => -1, 1 => 0, _ => 1 + (int)Math.Log10(count) })];
        int[] present = [.. decades.Where(decade => decade >= 0).Distinct().Order()];
        _bandOfWord = [.. decades.Select(decade => Array.IndexOf(present, decade))];
        All = [.. present.Select(decade =>
        {
            long[] members = [.. counts.Where((_, word) => decades[word] == decade)];
            return new FrequencyBand(members.Min(), members.Max(), members.Length, members.Sum());
        })];
    }

    /// <summary>Those with words in them, rarest first.</summary>
    public IReadOnlyList<FrequencyBand> All { get; }

    /// <summary>exp of the mean surprisal of each band's tokens.</summary>
    public double[] Perplexities(int[] stream, IEnumerable<float> logLikelihoods)
    {
        double[] sums = new double[All.Count];
        foreach ((int word, float logLikelihood) in stream.Zip(logLikelihoods))
        {
            sums[_bandOfWord[word]] -= logLikelihood;
        }

        return [.. sums.Zip(All, (sum, band) => Math.Exp(sum / band.TokenCount))];
    }
}
