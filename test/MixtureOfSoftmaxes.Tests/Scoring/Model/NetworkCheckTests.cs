using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Model;

/// <summary>Weights are judged by what they do before a model is used, whoever vouches for the file.</summary>
[TestClass]
public sealed class NetworkCheckTests
{
    public static IEnumerable<object[]> Heads => Enum.GetValues<LanguageModelHead>().Select(head => new object[] { head });

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void Sound_weights_pass(LanguageModelHead head)
    {
        using LanguageModelNetwork network = Shapes.Network(head);
        NetworkCheck.Check(network, endOfSentence: 1);
    }

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void One_weight_that_is_not_finite_or_absurd_is_refused_wherever_it_is(LanguageModelHead head)
    {
        using LanguageModelNetwork network = Shapes.Network(head);
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            double[] weights = Tensors.Values(parameter);
            foreach (double value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, 3e38, -3e38, 1e13, -1e8])
            {
                parameter.Set([.. weights[..^1], value]);
                Errors.AssertThrows<ModelFormatException>(() => NetworkCheck.Check(network, endOfSentence: 1), $"'{name}' go from", "Train it again");
            }

            parameter.Set(weights);
            NetworkCheck.Check(network, endOfSentence: 1);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void Weights_of_a_finite_size_that_leave_no_probabilities_are_refused(LanguageModelHead head)
    {
        using LanguageModelNetwork network = Shapes.Network(head);
        network.DecoderBias.Set([1.6e7, .. Enumerable.Repeat(-1.6e7, Shapes.Vocabulary - 1)]);
        Errors.AssertThrows<ModelFormatException>(() => NetworkCheck.Check(network, endOfSentence: 1), "no probabilities", "Train it again");
    }

    [TestMethod]
    public void A_file_with_such_weights_is_refused_though_its_checksums_are_right()
    {
        byte[] zip = ModelZip.Save(TinyModel.UntrainedScorer());
        byte[] absurd = ModelZip.WithSealed(zip, "Weights.safetensors", bytes => [.. bytes[..^4], .. BitConverter.GetBytes(3e38f)]);
        Errors.AssertThrows<ModelFormatException>(() => ModelZip.Load(absurd), "weights 'head.experts.prior.weight' go from");
    }
}
