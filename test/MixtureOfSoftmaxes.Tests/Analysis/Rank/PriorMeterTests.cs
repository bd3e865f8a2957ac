using Microsoft.ML.MixtureOfSoftmaxes.Analysis;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis.Rank;

[TestClass]
public sealed class PriorMeterTests
{
    [TestMethod]
    public void Priors_are_sorted_in_each_context_and_averaged_over_all_blocks()
    {
        using DisposeScope scope = NewDisposeScope();
        var meter = new PriorMeter();
        meter.Add(Mixture([0.02, 0.9, 0.004, 0.076], [0.25, 0.25, 0.25, 0.25]));
        meter.Add(Mixture([0.9988, 0.0004, 0.0004, 0.0004]));
        ExpertPriors priors = meter.Result!;
        Numbers.AssertClose(
            [(0.9 + 0.25 + 0.9988) / 3, (0.076 + 0.25 + 0.0004) / 3, (0.02 + 0.25 + 0.0004) / 3, (0.004 + 0.25 + 0.0004) / 3],
            [.. priors.Sorted], 1e-12, "sorted");

        // Of the first, at most 0.001: none; 0.01: 0.004; 0.05: 0.02 as well; 0.11 would take the next. Of the last 0.0008, then 0.0012.
        Assert.AreSequenceEqual([0.001, 0.01, 0.05, 0.1], priors.Needed.Select(needed => needed.SkippedPrior));
        Assert.AreSequenceEqual([10 / 3.0, 8 / 3.0, 7 / 3.0], priors.Needed.Take(3).Select(needed => needed.Mean));
        Assert.AreSequenceEqual([4, 4, 4], priors.Needed.Take(3).Select(needed => needed.Most));
    }

    [TestMethod]
    public void Even_priors_need_all_but_as_many_as_fit_into_the_share()
    {
        using DisposeScope scope = NewDisposeScope();
        var meter = new PriorMeter();
        meter.Add(Mixture([.. Enumerable.Repeat(1 / 24.0, 24)]));
        Assert.AreSequenceEqual([24.0, 24, 23, 22], meter.Result!.Needed.Select(needed => needed.Mean));
        Assert.AreSequenceEqual([24, 24, 23, 22], meter.Result!.Needed.Select(needed => needed.Most));
    }

    [TestMethod]
    public void Mixtures_of_one_expert_have_none()
    {
        using DisposeScope scope = NewDisposeScope();
        var meter = new PriorMeter();
        meter.Add(Mixture([1]));
        meter.Add(Mixture([1]) with { LogPriors = null });
        Assert.IsNull(meter.Result);
    }

    private static Mixture Mixture(params double[][] priors) => new(
        zeros(priors.Length * priors[0].Length, 2, ScalarType.Float64),
        tensor([.. priors.SelectMany(row => row)], [priors.Length, priors[0].Length]).log());
}
