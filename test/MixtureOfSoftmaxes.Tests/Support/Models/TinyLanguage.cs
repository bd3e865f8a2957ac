namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>
/// A first-order chain over six words and the end of a sentence: from state s to s + 1 with probability 0.8, else to s + 3
/// (modulo 7, the end is 0). Every state has the same entropy, so the entropy of the language is known exactly.
/// </summary>
internal static class TinyLanguage
{
    private const double Straight = 0.8;
    private const int States = 7;

    /// <summary>Nats a token, about 0.5004; its exponential is about 1.65.</summary>
    public static double Entropy { get; } = -(Straight * Math.Log(Straight)) - ((1 - Straight) * Math.Log(1 - Straight));

    public static string[] Sentences(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Sentence(random))];
    }

    /// <summary>Mean -log P of sentences under the true language, nats a token.</summary>
    public static double TrueLoss(IEnumerable<string> sentences)
    {
        double sum = 0;
        long tokens = 0;
        foreach (string sentence in sentences)
        {
            int state = 0;
            foreach (int next in sentence.Split(' ').Select(word => word[1] - '0').Append(0))
            {
                sum -= Math.Log(next == (state + 1) % States ? Straight : 1 - Straight);
                state = next;
                tokens++;
            }
        }

        return sum / tokens;
    }

    private static string Sentence(Random random)
    {
        var words = new List<string>();
        for (int state = Next(0); state != 0; state = Next(state))
        {
            words.Add($"w{state}");
        }

        return string.Join(' ', words);

        int Next(int state) => (state + (random.NextDouble() < Straight ? 1 : 3)) % States;
    }
}
