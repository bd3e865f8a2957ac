using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Benchmarks.Workloads;

/// <summary>Something to measure, made ready: its parameters, their gradients and its inputs are in memory.</summary>
internal abstract class Workload : IDisposable
{
    /// <summary>How many tokens a run goes through.</summary>
    public abstract int Tokens { get; }

    public abstract void Run();

    public abstract void Dispose();

    /// <summary>The same random weights and inputs for every formulation that has the same shapes.</summary>
    public static Workload Create(Setting setting, Part part, Case which, Device device)
    {
        ComputeDevice.Seed(1);
        return part switch
        {
            Part.Head => new HeadWorkload(setting, which, device),
            Part.Step => new StepWorkload(setting, which, device),
            _ => new ScoringWorkload(setting, which, device),
        };
    }

    protected static void AllocateGradients(IEnumerable<Parameter> parameters)
    {
        foreach (Parameter parameter in parameters)
        {
            parameter.grad = zeros_like(parameter).DetachFromDisposeScope();
        }
    }

    /// <summary>Words drawn uniformly; what they are does not matter to the time.</summary>
    protected static int[] RandomWords(Setting setting, int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(setting.Vocabulary))];
    }
}
