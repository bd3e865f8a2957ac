using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Steps;

/// <summary>Steps whose figures are read later, as on a GPU.</summary>
[TestClass]
public sealed class DeferredReadingTests
{
    private const int Columns = 2, Length = 3, Steps = 4;
    private const long StepsBefore = 70;

    private readonly int[] _words = Numbers.Ids(new Random(5), Columns * Length * Steps, Shapes.Vocabulary);

    [TestMethod]
    public void Weights_and_losses_are_those_of_steps_that_are_read_at_once()
    {
        using var at = new Run(_words, stepsPerRead: 1);
        using var later = new Run(_words, stepsPerRead: 16);
        double loss = 0;
        for (int step = 0; step < Steps; step++)
        {
            at.Step(step);
            later.Step(step);
            Assert.IsTrue(at.Training.IsSettled);
            Assert.IsFalse(later.Training.IsSettled);
            loss += at.Training.Settle();
        }

        Assert.IsNull(later.Training.GradientNorm, "nothing has been read yet");
        Assert.AreEqual(loss, later.Training.Settle(), 1e-12 * loss);
        Assert.AreEqual(at.Training.GradientNorm, later.Training.GradientNorm);
        Assert.AreEqual(0, later.Training.Settle(), "every step counts once");
        Assert.AreSequenceEqual(at.Weights(), later.Weights());
    }

    [TestMethod]
    public void Figures_are_read_as_often_as_asked_and_the_sum_misses_nothing()
    {
        using var at = new Run(_words, stepsPerRead: 1);
        using var later = new Run(_words, stepsPerRead: 3);
        List<bool> settled = [];
        for (int step = 0; step < Steps; step++)
        {
            at.Step(step);
            later.Step(step);
            settled.Add(later.Training.IsSettled);
        }

        Assert.AreSequenceEqual([false, false, true, false], settled);
        double loss = at.Training.Settle();
        Assert.AreEqual(loss, later.Training.Settle(), 1e-12 * loss);
    }

    [TestMethod]
    public void A_step_that_is_not_finite_never_reaches_the_weights_and_the_error_names_it()
    {
        using var good = new Run(_words, stepsPerRead: 16);
        using var bad = new Run(_words, stepsPerRead: 16);
        good.Step(0);
        bad.Step(0);
        bad.Memory.Hidden(0).fill_(double.NaN);
        for (int step = 1; step < Steps; step++)
        {
            bad.Step(step);
        }

        Errors.AssertThrows<ArithmeticException>(() => bad.Training.Settle(), "diverged", $"step {StepsBefore + 2} ", "NaN", "LearningRate");
        Assert.AreSequenceEqual(good.Weights(), bad.Weights());
    }

    [TestMethod]
    public void Read_at_once_it_ends_the_step_before_the_update()
    {
        using var bad = new Run(_words, stepsPerRead: 1);
        bad.Step(0);
        float[] before = bad.Weights();
        bad.Memory.Hidden(0).fill_(double.NaN);
        Errors.AssertThrows<ArithmeticException>(() => bad.Step(1), "diverged", $"step {StepsBefore + 2} ", "NaN", "LearningRate");
        Assert.AreSequenceEqual(before, bad.Weights());
    }

    private sealed class Run : IDisposable
    {
        private readonly LanguageModelNetwork _network = Shapes.Network().Randomize(seed: 4, scale: 0.3);
        private readonly TokenGrid _grid;

        public Run(int[] words, int stepsPerRead)
        {
            _grid = new(words, endOfSentence: 1, Columns, Length * Steps, CPU);
            Memory = _network.InitialState(Columns);
            MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
            options.WeightDecay = 0;
            options.WeightDropout = 0.5;
            Training = new(_network, options, Ranks.Alone, StepsBefore, stepsPerRead);
        }

        public RecurrentState Memory { get; }

        public TrainingStep Training { get; }

        public void Step(int step) => Training.Run(_grid, step * Length, Length, [Memory], firstColumn: 0, learningRate: 1, seed: step);

        public float[] Weights() => [.. _network.parameters().SelectMany(weights => weights.detach().data<float>().ToArray())];

        public void Dispose()
        {
            Training.Dispose();
            Memory.Dispose();
            _network.Dispose();
        }
    }
}
