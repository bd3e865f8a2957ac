using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>What a pass gives for B texts of T tokens, row by row; what was not asked for is empty.</summary>
internal sealed record OnnxPass(float[] LogLikelihoods, float[] NextState, long[] Ranks, long[] TopTokens, float[] TopLogProbabilities)
{
    /// <summary>Puts the scores of some tokens of a row into those of a text.</summary>
    /// <param name="row">The row.</param>
    /// <param name="time">T.</param>
    /// <param name="count">How many of its tokens, from the first on.</param>
    /// <param name="scores">What takes them.</param>
    /// <param name="start">The place of the first.</param>
    public void CopyTo(int row, int time, int count, SequenceScores scores, int start)
    {
        int first = row * time;
        Array.Copy(LogLikelihoods, first, scores.LogLikelihoods, start, count);
        for (int i = 0; i < count && scores.Detail.Ranks; i++)
        {
            scores.Ranks[start + i] = (int)Ranks[first + i];
        }

        int top = scores.Detail.TopCount, computed = Ranks.Length == 0 ? 0 : TopTokens.Length / Ranks.Length;
        for (int i = 0; i < count * top; i++)
        {
            int from = ((first + (i / top)) * computed) + (i % top);
            scores.TopWords[(start * top) + i] = (int)TopTokens[from];
            scores.TopLogLikelihoods[(start * top) + i] = TopLogProbabilities[from];
        }
    }
}
