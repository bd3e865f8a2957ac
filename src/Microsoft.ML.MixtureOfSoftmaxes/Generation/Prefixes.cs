using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Generation;

/// <summary>B texts read side by side, word by word, and the exact distribution of the next word of each; one text at first.</summary>
/// <param name="network">The model.</param>
/// <param name="excluded">A word that may not follow: its log P is -infinity, that of the others stays.</param>
internal sealed class Prefixes(LanguageModelNetwork network, int? excluded) : IDisposable
{
    // Bounds the memory that a long prompt takes.
    private const int StepsPerPass = 256;

    private RecurrentState? _state;

    /// <summary>Reads the next words of the one text; log P of each word that may follow, [1, V].</summary>
    public Tensor Read(ReadOnlySpan<int> words)
    {
        Tensor? logProbabilities_1_v = null;
        for (int start = 0; start < words.Length; start += StepsPerPass)
        {
            logProbabilities_1_v?.Dispose();
            ReadOnlySpan<int> pass = words[start..Math.Min(start + StepsPerPass, words.Length)];
            using Tensor words_t_1 = Ids(pass).view(pass.Length, 1);
            logProbabilities_1_v = Step(words_t_1);
        }

        return logProbabilities_1_v!;
    }

    /// <summary>Goes on with one text for each word: that of the given column, followed by the word; log P of what may follow, [B, V].</summary>
    public Tensor Branch(ReadOnlySpan<int> columns, ReadOnlySpan<int> words)
    {
        using Tensor columns_b = Ids(columns);
        RecurrentState before = _state!;
        _state = before.Select(columns_b);
        before.Dispose();
        using Tensor words_1_b = Ids(words).view(1, words.Length);
        return Step(words_1_b);
    }

    public void Dispose() => _state?.Dispose();

    private Tensor Step(Tensor words_t_b)
    {
        using Lock.Scope turn = network.TakeTurn();
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _state ??= network.InitialState(1);
        LanguageModelNetwork.Encoding encoding = network.Encode(words_t_b, _state, DropoutRates.None);
        _state.Advance(encoding.Next);
        long columns = words_t_b.shape[1];
        Mixture last = encoding.Mixture.Rows(encoding.Mixture.Count - columns, columns);
        Tensor logProbabilities_b_v = MixtureDistribution.LogProbabilities(last, network.Embedding, network.DecoderBias);
        if (logProbabilities_b_v.isnan().any().item<bool>())
        {
            throw new ArithmeticException("The model gives words probabilities that are not numbers: its weights are damaged, or training diverged.");
        }

        if (excluded is int word)
        {
            logProbabilities_b_v.select(1, word).fill_(double.NegativeInfinity);
        }

        return scope.MoveToOuter(logProbabilities_b_v);
    }

    private Tensor Ids(ReadOnlySpan<int> ids)
    {
        long[] wide = new long[ids.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = ids[i];
        }

        return tensor(wide, device: network.Device);
    }
}
