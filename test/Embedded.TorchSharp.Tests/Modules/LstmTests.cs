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
