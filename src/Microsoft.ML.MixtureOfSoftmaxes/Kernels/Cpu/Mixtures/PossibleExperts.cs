using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The experts of mixtures whose priors are above zero: nothing needs the logits of the others.</summary>
/// <param name="Contexts">Theirs, token by token, [R, d].</param>
/// <param name="LogPriors">[R]; null where each token has one expert.</param>
/// <param name="Starts">Of each token the first of its rows, and R.</param>
internal sealed record PossibleExperts(Tensor Contexts, Tensor? LogPriors, int[] Starts)
{
    public static unsafe PossibleExperts Of(MixtureInputs inputs)
    {
        int experts = inputs.Experts;
        var kept = new List<long>(inputs.Rows);
        int[] starts = new int[inputs.Tokens + 1];
        float* logPriors = inputs.LogPriors.Floats();
        for (int r = 0; r < inputs.Rows; r++)
        {
            // One stays at least: a mixture without any has no distribution, and its numbers show that.
            bool isLast = (r + 1) % experts == 0, isOnly = isLast && kept.Count == starts[r / experts];
            if (logPriors is null || isOnly || !float.IsNegativeInfinity(logPriors[r]))
            {
                kept.Add(r);
            }

            starts[(r / experts) + 1] = kept.Count;
        }

        if (kept.Count == inputs.Rows)
        {
            return new(inputs.Contexts, inputs.LogPriors?.flatten(), starts);
        }

        using Tensor kept_r = tensor(kept);
        return new(inputs.Contexts.index_select(-2, kept_r), inputs.LogPriors!.flatten().index_select(0, kept_r), starts);
    }
}
