using Embedded.TorchSharp.Tests.Oracle;
using TorchSharp.Modules;

namespace Embedded.TorchSharp.Tests.Modules;

[TestClass]
public class LstmTests
{
    [TestMethod]
    public void Forward_and_backward_through_two_layers_are_PyTorchs() =>
        Compare("lstm", nn.LSTM(3, 4, numLayers: 2, dtype: float64));

    [TestMethod]
    public void Both_directions_batch_first_without_bias_are_PyTorchs() =>
        Compare("bilstm", nn.LSTM(3, 4, numLayers: 2, bias: false, batchFirst: true, bidirectional: true, dtype: float64));

    [TestMethod]
    public void New_weights_are_uniform_within_one_over_the_root_of_the_hidden_size()
    {
        using var lstm = nn.LSTM(8, 64);
        using var weights = cat([.. lstm.parameters().Select(parameter => parameter.flatten())]);
        Assert.IsLessThanOrEqualTo(0.125f, weights.abs().max().item<float>());
        Assert.AreEqual(0.125 / Math.Sqrt(3), weights.std().item<float>(), 0.002);
    }

    [TestMethod]
    public void Dropout_between_layers_acts_while_training_only()
    {
        using var lstm = nn.LSTM(3, 4, numLayers: 2, dropout: 0.9);
        using var x = randn(5, 2, 3);
        Assert.IsFalse(lstm.call(x).Item1.Equals(lstm.call(x).Item1));
        lstm.eval();
        Assert.IsTrue(lstm.call(x).Item1.Equals(lstm.call(x).Item1));
    }

    // In float64 the layer is libtorch's own, in float32 on the CPU it is the native kernel.
    [TestMethod]
    [DataRow(1, 1, 3, 5, 1, true, false)]
    [DataRow(7, 4, 12, 33, 1, true, false)]
    [DataRow(9, 13, 40, 65, 2, false, false)]
    [DataRow(5, 3, 16, 24, 3, true, false)]
    [DataRow(7, 4, 12, 33, 2, true, true)]
    public void The_kernel_says_what_libtorch_says_in_double_precision(
        int steps, int batch, int inputs, int hidden, int layers, bool bias, bool bfloat16)
    {
        manual_seed(steps + hidden);
        using var scope = NewDisposeScope();
        using var single = nn.LSTM(inputs, hidden, layers, bias);
        using var whole = nn.LSTM(inputs, hidden, layers, bias, dtype: float64);
        whole.load_state_dict(single.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.to(float64)));
        var (x, h, c) = (randn(steps, batch, inputs), randn(layers, batch, hidden), randn(layers, batch, hidden) * 3);
        var (weights, transposed) = (randn(steps, batch, hidden), randn(layers, hidden, batch));

        var actual = Run(single, float32);
        var expected = Run(whole, float64);
        double tolerance = bfloat16 ? 0.03 : 1e-5;
        foreach (var (a, b) in actual.Zip(expected))
            Assert.IsLessThan(tolerance * b.abs().max().item<double>(), (a.to(float64) - b).abs().max().item<double>());

        Tensor[] Run(LSTM lstm, ScalarType type)
        {
            var (input, before, cell) = (Leaf(x, type), Leaf(h, type), Leaf(c, type));
            var (y, hn, cn) = lstm.Forward(input, (before, cell), bfloat16 && type == float32);
            ((y * weights.to(type)).sum() + hn.square().sum() + (cn.transpose(1, 2) * transposed.to(type)).sum()).backward();
            return [y, hn, cn, input.grad!, before.grad!, cell.grad!, .. lstm.parameters().Select(parameter => parameter.grad!)];
        }

        static Tensor Leaf(Tensor x, ScalarType type) => x.to(type, copy: true).requires_grad_();
    }

    [TestMethod]
    public void Rounding_factors_to_bfloat16_changes_the_result_a_little()
    {
        using var lstm = nn.LSTM(32, 32);
        using var x = randn(3, 2, 32);
        using var difference = (lstm.Forward(x, null, bfloat16: true).Item1 - lstm.call(x).Item1).abs().max();
        Assert.IsInRange(1e-6f, 0.02f, difference.item<float>());
    }

    private static void Compare(string name, LSTM lstm)
    {
        foreach (var (key, parameter) in lstm.named_parameters())
            using (no_grad())
                parameter.copy_(Golden.Get($"{name}.{key}"));
        var (x, h, c) = (Leaf("x"), Leaf("h"), Leaf("c"));
        var (y, hn, cn) = lstm.call(x, (h, c));
        Golden.Expect($"{name}.y", y);
        Golden.Expect($"{name}.hn", hn);
        Golden.Expect($"{name}.cn", cn);
        ((y * Golden.Get($"{name}.dy")).sum() + hn.sum() + (cn * cn).sum()).backward();
        foreach (var (key, leaf) in new[] { ("x", x), ("h", h), ("c", c) }) Golden.Expect($"{name}.{key}.grad", leaf.grad!);
        foreach (var (key, parameter) in lstm.named_parameters()) Golden.Expect($"{name}.{key}.grad", parameter.grad!);
        Golden.Expect($"{name}.y0", lstm.call(x).Item1);

        Tensor Leaf(string key) => Golden.Get($"{name}.{key}").requires_grad_();
    }
}
