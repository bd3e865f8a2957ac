using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cpu.Recurrent;

[TestClass]
public sealed class LstmTests
{
    private readonly int _threads = get_num_threads();
    private DisposeScope? _scope;

    /// <summary>Floats in a vector, and T, B, D, H: whole vectors and not, odd ones, ones, rows for each tile, several shares of units.</summary>
    public static IEnumerable<(int Width, int Steps, int Batch, int Inputs, int Units)> Sizes() =>
        from width in new[] { 1, 4, 8, 16 }
        from sizes in new[] { (1, 1, 1, 2), (3, 1, 2, 33), (4, 3, 7, 20), (2, 13, 5, 50), (5, 12, 9, 64), (2, 6, 3, 131) }
        where 2 * width <= sizes.Item4
        select (width, sizes.Item1, sizes.Item2, sizes.Item3, sizes.Item4);

    [TestInitialize]
    public void Open() => _scope = NewDisposeScope();

    [TestCleanup]
    public void Close()
    {
        _scope!.Dispose();
        set_num_threads(_threads);
    }

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Outputs_and_states_are_those_of_plain_float64(int width, int steps, int batch, int inputs, int units)
    {
        var layer = new Layer(steps, batch, inputs, units);
        (double[] outputs, double[] cell) = PlainLstm.Run(
            steps, batch, inputs, units, Tensors.Values(layer.X), Tensors.Values(layer.Hidden), Tensors.Values(layer.Cell),
            Tensors.Values(layer.Weights.Input), Tensors.Values(layer.Weights.Recurrent),
            Tensors.Values(layer.Weights.InputBias + layer.Weights.RecurrentBias));
        (Tensor output, Tensor hidden, Tensor lastCell) = layer.Apply(new(width, rounds: false));
        Numbers.AssertClose(outputs, Tensors.Values(output), 2e-6, "outputs");
        Numbers.AssertClose(outputs[^(batch * units)..], Tensors.Values(hidden), 2e-6, "hidden state");
        Numbers.AssertClose(cell, Tensors.Values(lastCell), 2e-6, "cell state");
    }

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Gradients_are_those_of_libtorchs_layer(int width, int steps, int batch, int inputs, int units)
    {
        var layer = new Layer(steps, batch, inputs, units);
        Dictionary<string, double[]> expected = layer.Gradients(layer.Module.call(layer.X, (layer.Hidden, layer.Cell)));
        Dictionary<string, double[]> actual = layer.Gradients(layer.Apply(new(width, rounds: false)));
        foreach ((string name, double[] gradient) in expected)
        {
            Numbers.AssertClose(gradient, actual[name], 2e-6, name);
        }
    }

    [TestMethod]
    public void Gradients_of_two_ways_back_add_up_and_any_of_the_results_may_be_without_one()
    {
        var layer = new Layer(3, 2, 5, 20);
        Dictionary<string, double[]> once = layer.Gradients(layer.Apply(new(8, rounds: false)), outputs: false);
        Dictionary<string, double[]> expected = layer.Gradients(layer.Module.call(layer.X, (layer.Hidden, layer.Cell)), outputs: false);
        Dictionary<string, double[]> twice = layer.Gradients(layer.Apply(new(8, rounds: false)), outputs: false, keep: true);
        foreach ((string name, double[] gradient) in expected)
        {
            Numbers.AssertClose(gradient, once[name], 2e-6, name);
            Numbers.AssertClose([.. gradient.Select(g => 2 * g)], twice[name], 2e-6, name);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Dropped_weights_give_the_results_of_a_layer_without_them_and_gradients_through_the_mask(bool rounds)
    {
        var mask = new DropoutMask(Seed: 3, Mask: 1, Pass: 0, Rate: 0.4);
        var layer = new Layer(4, 3, 5, 40);
        (Tensor output, Tensor hidden, Tensor cell) = layer.Apply(new(8, rounds), mask);
        double[] outputs = Tensors.Values(output);
        Dictionary<string, double[]> actual = layer.Gradients((output, hidden, cell));
        Tensor factors = mask.Create(0, 4 * 40, 40);
        using (no_grad())
        {
            layer.Weights.Recurrent.mul_(factors);
        }

        (output, hidden, cell) = layer.Apply(new(8, rounds));
        Assert.AreSequenceEqual(Tensors.Values(output), outputs);
        Dictionary<string, double[]> expected = layer.Gradients((output, hidden, cell));
        expected["weight_hh_l0"] = [.. expected["weight_hh_l0"].Zip(Tensors.Values(factors), (gradient, factor) => gradient * factor)];
        foreach ((string name, double[] gradient) in expected)
        {
            Numbers.AssertClose(gradient, actual[name], 1e-6, name);
        }
    }

    /// <summary>No inputs, and weights that bfloat16 has: so nothing is rounded that the steps do not keep in float32.</summary>
    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Steps_with_weights_in_bfloat16_keep_states_and_sums_in_float32(int width, int steps, int batch, int inputs, int units)
    {
        var layer = new Layer(steps, batch, inputs, units);
        using IDisposable noGrad = no_grad();
        layer.X.zero_();
        layer.Weights.Recurrent.copy_(layer.Weights.Recurrent.to(ScalarType.BFloat16));
        Tensor hidden = layer.Hidden.squeeze(0), cell = layer.Cell.squeeze(0);
        Lstm exact = new(width, rounds: false), rounding = new(width, rounds: true);
        LstmPass expected = exact.Forward(layer.X, hidden, cell, layer.Weights), actual = rounding.Forward(layer.X, hidden, cell, layer.Weights);
        Numbers.AssertClose(Tensors.Values(expected.Outputs), Tensors.Values(actual.Outputs), 1e-6, "outputs");
        Numbers.AssertClose(Tensors.Values(expected.Cells), Tensors.Values(actual.Cells), 1e-6, "cells");
        Tensor gradient = Tensors.Singles(Numbers.Gaussian(new Random(5), (steps + 1) * batch * units), steps + 1, batch, units);
        var expectedGradients = exact.Backward(expected, cell, layer.Weights, gradient);
        var actualGradients = rounding.Backward(expected, cell, layer.Weights, gradient);
        Numbers.AssertClose(Tensors.Values(expectedGradients.Gates), Tensors.Values(actualGradients.Gates), 1e-6, "gradient of gates");
        Numbers.AssertClose(Tensors.Values(expectedGradients.Hidden), Tensors.Values(actualGradients.Hidden), 1e-6, "gradient of h");
        Numbers.AssertClose(Tensors.Values(expectedGradients.Cell), Tensors.Values(actualGradients.Cell), 1e-6, "gradient of c");
    }

    [TestMethod]
    [DataRow(12, DisplayName = "few rows")]
    [DataRow(30, DisplayName = "many rows")]
    public void Rounding_factors_to_bfloat16_changes_results_and_gradients_by_as_much(int batch)
    {
        var layer = new Layer(5, batch, 9, 64);
        Assert.AreEqual(batch == 30, new LstmSizes(5, batch, 64).HasManyRows);
        (Tensor output, Tensor hidden, Tensor cell) = layer.Apply(new(16, rounds: false));
        double[] exact = Tensors.Values(output);
        Dictionary<string, double[]> expected = layer.Gradients((output, hidden, cell));
        (output, hidden, cell) = layer.Apply(new(16, rounds: true));
        Assert.IsFalse(exact.SequenceEqual(Tensors.Values(output)));
        Numbers.AssertClose(exact, Tensors.Values(output), 0.03, "outputs");
        foreach ((string name, double[] gradient) in layer.Gradients((output, hidden, cell)))
        {
            Numbers.AssertClose(expected[name], gradient, 0.03, name);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Results_have_the_same_bits_with_any_number_of_threads_and_whatever_columns_are_beside(bool rounds)
    {
        const int Steps = 3, Batch = 13, Units = 150;
        var layer = new Layer(Steps, Batch, 1, Units);
        using IDisposable noGrad = no_grad();
        layer.X.zero_(); // As libtorch's products may depend on the number of threads.
        Tensor hidden = layer.Hidden.squeeze(0), cell = layer.Cell.squeeze(0);
        Tensor gradient = Tensors.Singles(Numbers.Gaussian(new Random(5), (Steps + 1) * Batch * Units), Steps + 1, Batch, Units);
        Assert.IsGreaterThan(3, new LstmSizes(Steps, Batch, Units).Workers);
        uint[][] Run(int threads, int columns)
        {
            set_num_threads(threads);
            var lstm = new Lstm(SimdWidth.Widest(Units), rounds);
            Tensor Columns(Tensor x, int dimension) => x.narrow(dimension, 0, columns).contiguous();
            LstmPass pass = lstm.Forward(Columns(layer.X, 1), Columns(hidden, 0), Columns(cell, 0), layer.Weights);
            var gradients = lstm.Backward(pass, Columns(cell, 0), layer.Weights, Columns(gradient, 1));
            Tensor[] results = [pass.Outputs[Steps - 1], pass.Cells[Steps - 1], gradients.Gates.narrow(0, 0, columns), gradients.Hidden];
            return [.. results.Select(Tensors.Bits)];
        }

        uint[][] alone = Run(1, Batch);
        foreach ((int threads, int columns) in new[] { (2, Batch), (3, Batch), (1, 5), (2, 1) })
        {
            foreach ((uint[] expected, uint[] actual) in alone.Zip(Run(threads, columns)))
            {
                Assert.AreSequenceEqual(expected.AsSpan(0, actual.Length).ToArray(), actual, $"{threads} threads, {columns} columns");
            }
        }
    }

    [TestMethod]
    public void What_is_not_a_number_stays_none()
    {
        var layer = new Layer(2, 1, 3, 40);
        using IDisposable noGrad = no_grad();
        layer.X.fill_(double.NaN);
        foreach (int width in new[] { 1, 4, 8, 16 })
        {
            (Tensor output, _, Tensor cell) = layer.Apply(new(width, rounds: false));
            Assert.IsTrue(Tensors.Values(output).Concat(Tensors.Values(cell)).All(double.IsNaN), $"width {width}");
        }
    }

    [TestMethod]
    public void Passes_leave_no_tensors()
    {
        var layer = new Layer(2, 2, 3, 20);
        long Count()
        {
            using (NewDisposeScope())
            {
                layer.Gradients(layer.Apply(new(8, rounds: false)), outputs: false);
            }

            return Tensor.TotalCount;
        }

        _ = ProcessMemory.Now();
        long after = Count();
        Assert.AreEqual(after, Count());
    }

    private sealed class Layer
    {
        public Layer(int steps, int batch, int inputs, int units)
        {
            Module = nn.LSTM(inputs, units).Randomize(seed: 2, scale: 0.4);
            Dictionary<string, Tensor> weights = Module.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
            Weights = new(weights["weight_ih_l0"], weights["weight_hh_l0"], weights["bias_ih_l0"], weights["bias_hh_l0"]);
            X = Numbered(1, steps, batch, inputs);
            Hidden = Numbered(2, 1, batch, units);
            Cell = Numbered(3, 1, batch, units);
        }

        public TorchSharp.Modules.LSTM Module { get; }

        public LstmWeights Weights { get; }

        public Tensor X { get; }

        public Tensor Hidden { get; }

        public Tensor Cell { get; }

        public (Tensor Output, Tensor Hidden, Tensor Cell) Apply(Lstm lstm, DropoutMask? dropped = null) =>
            LstmFunction.Apply(lstm, X, Hidden, Cell, Weights, dropped);

        /// <summary>The gradients of everything that has one, of results times numbers.</summary>
        public Dictionary<string, double[]> Gradients((Tensor Output, Tensor Hidden, Tensor Cell) results, bool outputs = true, bool keep = false)
        {
            Dictionary<string, Tensor> leaves = Module.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
            (leaves["x"], leaves["h"], leaves["c"]) = (X, Hidden, Cell);
            if (!keep)
            {
                foreach (Tensor leaf in leaves.Values)
                {
                    leaf.grad = null;
                }
            }

            Tensor[] summed = outputs ? [results.Output, results.Hidden, results.Cell] : [results.Cell];
            BackwardError.Backward(summed, [.. summed.Select((result, i) => Numbered(10 + i, result.shape).detach())]);
            return leaves.ToDictionary(leaf => leaf.Key, leaf => Tensors.Values(leaf.Value.grad!));
        }

        private static Tensor Numbered(int seed, params long[] shape) =>
            Tensors.Singles(Numbers.Gaussian(new Random(seed), shape.Aggregate(1L, (a, b) => a * b)), shape).detach().requires_grad_();
    }
}
