using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

/// <summary>
/// The log-likelihood of mixtures of softmaxes and the gradients of scale * sum_n -log p[n], by the formulas, one number at a
/// time in double precision.
/// </summary>
internal sealed class ClosedForm
{
    public ClosedForm(MixtureProblem problem, double scale)
    {
        (int n, int k, int d, int v) = (problem.N, problem.K, problem.D, problem.V);
        LogLikelihood = new double[n];
        GradContexts = new double[problem.J * n * k * d];
        GradLogPriors = new double[n * k];
        GradWeight = new double[v * d];
        GradBias = new double[v];
        for (int i = 0; i < n; i++)
        {
            (double[] Logits, double[] Derivatives)[] experts = [.. Enumerable.Range(0, k).Select(j => problem.Logits((i * k) + j))];
            double[] norms = [.. experts.Select(expert => Numbers.LogSumExp(expert.Logits))];
            double[] joint =
                [.. Enumerable.Range(0, k).Select(j => problem.LogPrior(i, j) + experts[j].Logits[problem.Targets[i]] - norms[j])];
            LogLikelihood[i] = Numbers.LogSumExp(joint);
            for (int j = 0; j < k; j++)
            {
                int row = (i * k) + j;
                double responsibility = Math.Exp(joint[j] - LogLikelihood[i]);
                GradLogPriors[row] = -scale * responsibility;
                for (int x = 0; x < v; x++)
                {
                    double gradient = scale * responsibility * experts[j].Derivatives[x]
                        * (Math.Exp(experts[j].Logits[x] - norms[j]) - (x == problem.Targets[i] ? 1 : 0));
                    GradBias[x] += gradient;
                    for (int c = 0; c < d; c++)
                    {
                        GradContexts[(problem.Context(row, x) * d) + c] += gradient * problem.Weight[(x * d) + c];
                        GradWeight[(x * d) + c] += gradient * problem.Contexts[(problem.Context(row, x) * d) + c];
                    }
                }
            }
        }
    }

    public double[] LogLikelihood { get; }

    public double[] GradContexts { get; }

    public double[] GradLogPriors { get; }

    public double[] GradWeight { get; }

    public double[] GradBias { get; }
}
