using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Steps;

[TestClass]
public sealed class TrainingStepGoldenTests
{
    [TestMethod]
    [DataRow("softmax", LanguageModelOptimizer.Sgd, 3)]
    [DataRow("softmax-untouched", LanguageModelOptimizer.Sgd, 3)]
    [DataRow("mixture-of-contexts", LanguageModelOptimizer.Sgd, 3)]
    [DataRow("mixture-of-softmaxes", LanguageModelOptimizer.Sgd, 3)]
    [DataRow("mixture-of-softmaxes", LanguageModelOptimizer.Sgd, 2, DisplayName = "two passes, one of two columns and one of one")]
    [DataRow("mixture-of-softmaxes", LanguageModelOptimizer.Sgd, 1, DisplayName = "a pass for each column")]
    [DataRow("mixture-of-sigsoftmaxes", LanguageModelOptimizer.Sgd, 2)]
    [DataRow("mixtape", LanguageModelOptimizer.Sgd, 2)]
    [DataRow("mixtape", LanguageModelOptimizer.Adam, 3)]
    [DataRow("plif", LanguageModelOptimizer.Sgd, 2)]
    [DataRow("multi-facet", LanguageModelOptimizer.Sgd, 2)]
    [DataRow("low-rank-mixture", LanguageModelOptimizer.Adam, 2)]
    [DataRow("direct-output", LanguageModelOptimizer.Sgd, 3)]
    [DataRow("direct-output-of-three", LanguageModelOptimizer.Sgd, 3)]
    [DataRow("direct-output-of-three", LanguageModelOptimizer.Sgd, 2, DisplayName = "three layers, passes of two columns and of one")]
    [DataRow("softmax", LanguageModelOptimizer.Adam, 3)]
    [DataRow("mixture-of-softmaxes", LanguageModelOptimizer.Adam, 3)]
    [DataRow("mixture-of-softmaxes", LanguageModelOptimizer.AdamW, 3)]
    public void Two_steps_with_clipping_decay_and_regularisers_equal_pytorchs(
        string name, LanguageModelOptimizer optimizer, int columnsPerPass)
    {
        using DisposeScope scope = NewDisposeScope();
        Golden golden = Golden.Read(name);
        GoldenTraining expected = golden.Training.Single(training => training.Optimizer == optimizer);
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.Head = golden.Shape.Head;
        options.Optimizer = expected.Optimizer;
        options.ClipNorm = expected.ClipNorm;
        options.WeightDecay = expected.WeightDecay;
        options.ActivationRegularization = expected.ActivationRegularization;
        options.TemporalActivationRegularization = expected.TemporalActivationRegularization;
        options.PriorRegularization = expected.PriorRegularization;
        using LanguageModelNetwork network = golden.Network();
        using var step = new TrainingStep(network, options, Ranks.Alone);
        TokenGrid grid = golden.Grid();
        RecurrentState[] states =
            [.. Enumerable.Range(0, Golden.Batch).Chunk(columnsPerPass).Select(pass => golden.State(pass[0], pass.Length))];
        for (int window = 0; window < expected.Losses.Length; window++)
        {
            step.Run(grid, window * Golden.Steps, Golden.Steps, states, firstColumn: 0, expected.LearningRate, seed: 1);
            Assert.AreEqual(expected.Losses[window], step.Settle(), 1e-5 * expected.Losses[window]);
        }

        Array.ForEach(states, state => state.Dispose());
        foreach ((string parameterName, Parameter parameter) in network.named_parameters())
        {
            // Adam divides by the root of the squared gradient, so single-precision error of small gradients counts fully.
            double tolerance = optimizer == LanguageModelOptimizer.Sgd ? 1e-5 : 1e-4;
            Numbers.AssertClose(expected.ParametersAfter[parameterName], Tensors.Values(parameter), tolerance, parameterName);
        }
    }

    [TestMethod]
    public void A_step_leaves_dropped_weights_whole_but_for_the_update()
    {
        const double Rate = 1e-3;
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(1);
        using LanguageModelNetwork network = Shapes.Network();
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.WeightDropout = 0.5;
        double[] before = Tensors.Values(network.Named("encoder.layer0.lstm.weight_hh_l0"));
        using var step = new TrainingStep(network, options, Ranks.Alone);
        var grid = new TokenGrid([1, 3, 5, 2, 4, 6], endOfSentence: 1, columns: 2, length: 3, CPU);
        RecurrentState[] states = [network.InitialState(2)];
        step.Run(grid, 0, 3, states, firstColumn: 0, Rate, seed: 1);
        states[0].Dispose();
        double[] after = Tensors.Values(network.Named("encoder.layer0.lstm.weight_hh_l0"));
        double[] moves = [.. after.Zip(before, (a, b) => Math.Abs(a - b))];
        Assert.IsLessThanOrEqualTo(Rate * options.ClipNorm * 1.01, moves.Max());
        int unmoved = moves.Count(move => move < 1e-9);
        Assert.IsInRange(before.Length / 4, before.Length * 3 / 4, unmoved, "dropped weights get no gradient, the others do");
    }
}
