using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mpi.Tests.Support;

/// <summary>What models that were saved have learnt.</summary>
internal static class Models
{
    /// <summary>The largest difference between two weights in the same place.</summary>
    public static double Difference(string path, string other)
    {
        float[][] a = Weights(path), b = Weights(other);
        Assert.HasCount(a.Length, b);
        return a.Zip(b).Max(pair => pair.First.Zip(pair.Second).Max(values => Math.Abs((double)values.First - values.Second)));
    }

    private static float[][] Weights(string path)
    {
        var ml = new MLContext();
        using LanguageModelTransformer model = ml.LanguageModeling.GetLanguageModel(ml.LanguageModeling.Load(path, out _));
        return [.. model.Network.parameters().Select(parameter => parameter.data<float>().ToArray())];
    }
}
