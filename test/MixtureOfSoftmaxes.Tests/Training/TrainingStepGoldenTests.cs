using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

[TestClass]
public sealed class TrainingStepGoldenTests
{
    [TestMethod]
    [DataRow("softmax", LanguageModelOptimizer.Sgd)]
    [DataRow("softmax-untouched", LanguageModelOptimizer.Sgd)]
    [DataRow("mixture-of-contexts", LanguageModelOptimizer.Sgd)]
    [DataRow("mixture-of-softmaxes", LanguageModelOptimizer.Sgd)]
    [DataRow("softmax", LanguageModelOptimizer.Adam)]
    [DataRow("mixture-of-softmaxes", LanguageModelOptimizer.Adam)]
    public void Two_steps_with_clipping_decay_and_regularisers_equal_pytorchs(string name, LanguageModelOptimizer optimizer)
    {
        using DisposeScope scope = NewDisposeScope();
        Golden golden = Golden.Read(name);
        GoldenTraining expected = golden.Training.Single(training => training.Optimizer == optimizer);
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.Optimizer = expected.Optimizer;
        options.LearningRate = expected.LearningRate;
        options.ClipNorm = expected.ClipNorm;
        options.WeightDecay = expected.WeightDecay;
        options.ActivationRegularization = expected.ActivationRegularization;
        options.TemporalActivationRegularization = expected.TemporalActivationRegularization;
        using LanguageModelNetwork network = golden.Network();
        using var step = new TrainingStep(network, options);
        RecurrentState state = golden.State();
        for (int window = 0; window < expected.Losses.Length; window++)
        {
            double loss = step.Run(golden.WordIds(window), golden.TargetIds(window), ref state);
            Assert.AreEqual(expected.Losses[window], loss, 1e-5 * expected.Losses[window]);
        }

        state.Dispose();
        foreach ((string parameterName, Parameter parameter) in network.named_parameters())
        {
            // Adam divides by the root of the squared gradient, so single-precision error of small gradients counts fully.
            double tolerance = optimizer == LanguageModelOptimizer.Adam ? 1e-4 : 1e-5;
            Numbers.AssertClose(expected.ParametersAfter[parameterName], Tensors.Values(parameter), tolerance, parameterName);
        }
    }

    [TestMethod]
    public void A_step_leaves_dropped_weights_whole_but_for_the_update()
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(1);
        using LanguageModelNetwork network = Shapes.Network();
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.WeightDropout = 0.5;
        options.LearningRate = 1e-3;
        double[] before = Tensors.Values(network.Named("encoder.layer0.lstm.weight_hh_l0"));
        using var step = new TrainingStep(network, options);
        RecurrentState state = network.InitialState(2);
        step.Run(Tensors.Ids([1, 2, 3, 4], 2, 2), Tensors.Ids([3, 4, 5, 6], 4), ref state);
        state.Dispose();
        double[] after = Tensors.Values(network.Named("encoder.layer0.lstm.weight_hh_l0"));
        double[] moves = [.. after.Zip(before, (a, b) => Math.Abs(a - b))];
        Assert.IsLessThanOrEqualTo(options.LearningRate * options.ClipNorm * 1.01, moves.Max());
        int unmoved = moves.Count(move => move < 1e-9);
        Assert.IsInRange(before.Length / 4, before.Length * 3 / 4, unmoved, "dropped weights get no gradient, the others do");
    }

    [TestMethod]
    public void The_learning_rate_can_change_between_steps()
    {
        using LanguageModelNetwork network = Shapes.Network();
        using var step = new TrainingStep(network, TinyModel.Options());
        Assert.AreEqual(TinyModel.Options().LearningRate, step.LearningRate);
        step.LearningRate = 0.125;
        Assert.AreEqual(0.125, step.LearningRate);
    }
}
