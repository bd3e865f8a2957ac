namespace Sample;

/// <summary>
/// A language whose true distributions are known: a first-order Markov chain. For each word, the distribution of the next one is
/// drawn from a symmetric Dirichlet; the end of a sentence has the same probability after all words. The matrix of
/// log-probabilities has full rank, so a softmax of small embedding size cannot express it.
/// </summary>
internal sealed class DirichletChain
{
    // The probability that a sentence ends after a word.
    private const double EndProbability = 0.08;

    // State 0 is the end of a sentence; the words are 1 to V.
    private readonly double[][] _next;
    private readonly string[] _words;

    /// <param name="words">V, the vocabulary without the end-of-sentence mark.</param>
    /// <param name="concentration">The parameter of the Dirichlet: the smaller, the fewer likely successors a word has.</param>
    /// <param name="random">Draws the distributions.</param>
    public DirichletChain(int words, double concentration, Random random)
    {
        _words = [.. Enumerable.Range(1, words).Select(i => $"w{i:D3}")];
        _next =
        [
            .. Enumerable.Range(0, words + 1)
                .Select(state => Row(state == 0 ? 0 : EndProbability, words, concentration, random)),
        ];
    }

    /// <summary>Draws whole sentences until there are at least so many tokens, end marks included.</summary>
    public List<string> Sentences(int tokens, Random random)
    {
        var sentences = new List<string>();
        var sentence = new List<string>();
        for (int drawn = 0, state = 0; drawn < tokens || state != 0; drawn++)
        {
            state = Draw(_next[state], random);
            if (state != 0)
            {
                sentence.Add(_words[state - 1]);
                continue;
            }

            sentences.Add(string.Join(' ', sentence));
            sentence.Clear();
        }

        return sentences;
    }

    /// <summary>The perplexity of the true distributions on sentences: a model can only be better by chance.</summary>
    public double Floor(IEnumerable<string> sentences)
    {
        double negativeLogLikelihood = 0;
        long tokens = 0;
        foreach (string sentence in sentences)
        {
            int state = 0;
            foreach (int next in sentence.Split(' ').Select(word => Array.IndexOf(_words, word) + 1).Append(0))
            {
                negativeLogLikelihood -= Math.Log(_next[state][next]);
                state = next;
                tokens++;
            }
        }

        return Math.Exp(negativeLogLikelihood / tokens);
    }

    /// <summary>
    /// A function from the words of a sentence so far to the true distribution of the next word over a model's vocabulary, which
    /// includes <c>&lt;eos&gt;</c>. The probability of words that the model does not know is added to that of its
    /// <c>&lt;unk&gt;</c>.
    /// </summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<double>> Truth(IReadOnlyList<string> vocabulary)
    {
        Dictionary<string, int> places = vocabulary.Index().ToDictionary(word => word.Item, word => word.Index);
        int[] placeOf = [places["<eos>"], .. _words.Select(word => places.GetValueOrDefault(word, places["<unk>"]))];
        double[][] next = [.. _next.Select(probabilities =>
        {
            double[] row = new double[vocabulary.Count];
            foreach ((int state, double probability) in probabilities.Index())
            {
                row[placeOf[state]] += probability;
            }

            return row;
        })];
        return sentence => next[sentence.Count == 0 ? 0 : Array.IndexOf(_words, sentence[^1]) + 1];
    }

    private static double[] Row(double end, int words, double concentration, Random random)
    {
        double[] gammas = [.. Enumerable.Range(0, words).Select(_ => Gamma(concentration, random))];
        double sum = gammas.Sum();
        return [end, .. gammas.Select(gamma => (1 - end) * gamma / sum)];
    }

    private static int Draw(double[] probabilities, Random random)
    {
        double rest = random.NextDouble();
        for (int i = 0; i < probabilities.Length; i++)
        {
            rest -= probabilities[i];
            if (rest < 0)
            {
                return i;
            }
        }

        return Array.IndexOf(probabilities, probabilities.Max());
    }

    /// <summary>
    /// Draws from Gamma(shape, 1) by the method of Marsaglia and Tsang (2000); a shape below 1 by their reduction to shape + 1.
    /// </summary>
    private static double Gamma(double shape, Random random)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1, random) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        }

        double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            double v = Math.Pow(1 + (c * normal), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (normal * normal / 2) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }
}
