using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling;

[TestClass]
public sealed class ComputeDeviceTests
{
    [TestMethod]
    [DataRow(DeviceType.CPU, null, Precision.Float32)]
    [DataRow(DeviceType.CUDA, null, Precision.TensorFloat32)]
    [DataRow(DeviceType.CPU, Precision.BFloat16, Precision.BFloat16)]
    [DataRow(DeviceType.CUDA, Precision.Float32, Precision.Float32)]
    public void Where_no_precision_is_chosen_the_device_decides(DeviceType device, Precision? chosen, Precision expected) =>
        Assert.AreEqual(expected, ComputeDevice.PrecisionOn(device, chosen));

    [TestMethod]
    public void A_CPU_has_no_TensorFloat32_and_computes_in_float32()
    {
        using LanguageModelNetwork network = Shapes.Network().Randomize(seed: 4, scale: 0.3);
        using var scorer = new SequenceScorer(network, endOfSentence: 1);
        int[] words = Numbers.Ids(new Random(5), 50, Shapes.Vocabulary);
        double exact = scorer.MeanLoss(words, columns: 3, Precision.Float32);
        Assert.AreEqual(exact, scorer.MeanLoss(words, columns: 3, Precision.TensorFloat32));
        Assert.AreEqual(exact, scorer.MeanLoss(words, columns: 3));
        Assert.AreNotEqual(exact, scorer.MeanLoss(words, columns: 3, Precision.BFloat16));
    }
}
