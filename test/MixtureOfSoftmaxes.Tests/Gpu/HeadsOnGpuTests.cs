using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Gpu;

/// <summary>Every head's losses and gradients on a GPU are those on the CPU, to what the precision leaves.</summary>
[TestClass]
[TestCategory(FirstGpu.Category)]
public sealed class HeadsOnGpuTests
{
    private const int Columns = 6, Length = 9;

    private static IEnumerable<object[]> Cases =>
        from head in Enum.GetValues<LanguageModelHead>()
        from one in new[] { (Precision.Float32, 1e-4), (Precision.TensorFloat32, 2e-2), (Precision.BFloat16, 8e-2) }
        from useKernels in new[] { true, false }
        select new object[] { head, one.Item1, one.Item2, useKernels };

    [TestInitialize]
    public void Require() => FirstGpu.Require();

    [TestMethod]
    public void The_kernels_compile() => Assert.IsNotNull(CudaModule.Of(0), CudaModule.How(0));

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Losses_and_gradients_are_those_on_the_CPU(LanguageModelHead head, Precision precision, double tolerance, bool useKernels)
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkShape shape = Shapes.Small(head) with { VocabularySize = 203, EmbeddingSize = 17 };
        using LanguageModelNetwork exact = new LanguageModelNetwork(shape, CPU).Randomize(seed: 2, scale: 0.3);
        using var network = new LanguageModelNetwork(shape, FirstGpu.Device);
        network.load_state_dict(exact.state_dict());
        (Tensor expected, Dictionary<string, Tensor> expectedGradients) = Run(exact, Precision.Float32, useKernels: false);
        (Tensor actual, Dictionary<string, Tensor> gradients) = Run(network, precision, useKernels);
        AssertClose(expected, actual, tolerance, "log likelihood");
        foreach ((string name, Tensor gradient) in expectedGradients)
        {
            AssertClose(gradient, gradients[name], tolerance, name);
        }
    }

    /// <summary>By norms: of single gradients those that nearly cancel keep few of their digits.</summary>
    private static void AssertClose(Tensor expected, Tensor actual, double tolerance, string what)
    {
        double error = ((expected - actual.cpu()).norm() / expected.norm()).item<float>();
        Assert.IsLessThanOrEqualTo(tolerance, error, what);
    }

    private static (Tensor LogLikelihood, Dictionary<string, Tensor> Gradients) Run(
        LanguageModelNetwork network, Precision precision, bool useKernels)
    {
        int[] words = Numbers.Ids(new Random(7), Columns * Length, network.Shape.VocabularySize);
        using var loss = new MixtureCrossEntropy(useKernels: useKernels);
        var grid = new TokenGrid(words, endOfSentence: 1, Columns, Length, network.Device);
        using RecurrentState state = network.InitialState(Columns);
        using LanguageModelNetwork.Turn turn = network.TakeTurn(precision);
        (Tensor words_t_b, Tensor targets_n) = grid.Window(0, Length);
        LanguageModelNetwork.Encoding encoding = network.Encode(words_t_b, state, DropoutRates.None, precision);
        Tensor logLikelihood_n = loss.Backward(encoding.Mixture, network.Embedding, network.DecoderBias, targets_n, scale: 0.01);
        return (logLikelihood_n, network.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!));
    }
}
