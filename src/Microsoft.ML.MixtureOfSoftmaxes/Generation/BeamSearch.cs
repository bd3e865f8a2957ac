using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Generation;

/// <summary>
/// Beam search: the most probable texts of each length are followed up side by side; one that reaches its end leaves the beam.
/// </summary>
/// <param name="vocabulary">The model's words.</param>
/// <param name="prompt">The text that is continued.</param>
/// <param name="limits">Which words, how many, and how exactly.</param>
/// <param name="options">How to search.</param>
internal sealed class BeamSearch(Vocabulary vocabulary, string prompt, GenerationOptions limits, BeamSearchOptions options)
{
    /// <summary>The best texts found, best first.</summary>
    /// <param name="texts">The prompt, read; then the texts of the beam.</param>
    /// <param name="cancellation">Checked for each word.</param>
    public GeneratedText[] Run(TextStates texts, Cancellation cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor next_b_v = Next(texts);
        Hypothesis[] live = [new(null, 0, -1, 0)];
        List<Hypothesis> ended = [];
        for (int length = 1; ; length++)
        {
            cancellation.ThrowIfRequested();
            Hypothesis[] best = Extend(live, next_b_v);
            next_b_v.Dispose();
            ended.AddRange(length == limits.MaximumTokens ? best : best.Where(IsEnded));
            live = length == limits.MaximumTokens ? [] : [.. best.Where(hypothesis => !IsEnded(hypothesis))];
            ended = [.. ended.OrderByDescending(Score).Take(options.Width)];
            if (live.Length == 0 || (ended.Count == options.Width && Score(ended[^1]) >= HighestScoreOf(live[0])))
            {
                return [.. ended.Select(hypothesis => new GeneratedText(Words(hypothesis), Score(hypothesis)))];
            }

            texts.Keep([.. live.Select(hypothesis => hypothesis.Column)]);
            texts.Read([.. live.Select(hypothesis => (ReadOnlyMemory<int>)new[] { hypothesis.Word })]);
            next_b_v = Next(texts);
        }
    }

    /// <summary>log P of each word that may follow, [B, V]; of one that may not -infinity.</summary>
    private Tensor Next(TextStates texts)
    {
        Tensor next_b_v = texts.NextLogProbabilities(limits.SkippedPrior);
        if (limits.ExcludeUnknownWord)
        {
            next_b_v.select(1, vocabulary.UnknownIndex).fill_(double.NegativeInfinity);
        }

        return next_b_v;
    }

    private bool IsEnded(Hypothesis hypothesis) => limits.StopAtEndOfSentence && hypothesis.Word == vocabulary.EndOfSentenceIndex;

    private double Score(Hypothesis hypothesis) => hypothesis.LogProbability / Math.Pow(hypothesis.Length, options.LengthNormalization);

    // Another word makes a text less probable and longer, so this is what it comes to if all words to come were certain.
    private double HighestScoreOf(Hypothesis live) => live.LogProbability / Math.Pow(limits.MaximumTokens, options.LengthNormalization);

    /// <summary>The most probable texts one word longer, best first, as many as the beam is wide.</summary>
    private Hypothesis[] Extend(Hypothesis[] live, Tensor next_b_v)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] soFar = [.. live.Select(hypothesis => hypothesis.LogProbability)];
        Tensor sums_bv = (tensor(soFar, [live.Length, 1], device: next_b_v.device) + next_b_v.to(ScalarType.Float64)).flatten();
        (Tensor values, Tensor indices) = sums_bv.topk((int)Math.Min(options.Width, sums_bv.shape[0]));
        double[] sums = values.cpu().data<double>().ToArray();
        long[] places = indices.cpu().data<long>().ToArray();
        return
        [
            .. places.Zip(sums)
                .TakeWhile(best => best.Second > double.NegativeInfinity)
                .Select(best => (Column: (int)(best.First / vocabulary.Count), Word: (int)(best.First % vocabulary.Count), Sum: best.Second))
                .Select(best => new Hypothesis(live[best.Column], best.Column, best.Word, best.Sum)),
        ];
    }

    private GeneratedWord[] Words(Hypothesis last)
    {
        var path = new Hypothesis[last.Length];
        for ((Hypothesis hypothesis, int i) = (last, path.Length - 1); i >= 0; hypothesis = hypothesis.Before!, i--)
        {
            path[i] = hypothesis;
        }

        var text = new IncrementalDetokenizer(vocabulary, prompt);
        return
        [
            .. path.Select(hypothesis => new GeneratedWord(
                vocabulary.Words[hypothesis.Word],
                hypothesis.LogProbability - hypothesis.Before!.LogProbability,
                hypothesis.Word == vocabulary.EndOfSentenceIndex,
                text.Add(hypothesis.Word, isLast: hypothesis == last))),
        ];
    }

    /// <param name="Before">The text without its last word; null for the prompt alone.</param>
    /// <param name="Column">That text's place in the beam.</param>
    /// <param name="Word">The last word.</param>
    /// <param name="LogProbability">log P of the words since the prompt.</param>
    private sealed record Hypothesis(Hypothesis? Before, int Column, int Word, double LogProbability)
    {
        /// <summary>Words since the prompt.</summary>
        public int Length { get; } = Before is null ? 0 : Before.Length + 1;
    }
}
