using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Benchmarks.Workloads;

/// <summary>Work to measure. Its parameters, their gradients and its inputs are allocated when it is created.</summary>
internal abstract class Workload : IDisposable
{
    /// <summary>The number of tokens of a run.</summary>
    public abstract int Tokens { get; }

    public abstract void Run();

    public abstract void Dispose();

    /// <summary>Creates a workload. Formulations with the same shapes get the same random weights and inputs.</summary>
    public static Workload Create(Setting setting, Part part, Case which, Device device)
    {
        ComputeDevice.Seed(1);
        return part switch
        {
            _ when which.Formulation == Formulation.Products => new ProductsWorkload(setting, part, which, device),
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

    /// <summary>Words drawn uniformly; the time does not depend on which they are.</summary>
    protected static int[] RandomWords(Setting setting, int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(setting.Vocabulary))];
    }
}
