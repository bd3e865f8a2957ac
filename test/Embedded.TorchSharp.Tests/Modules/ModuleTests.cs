using TorchSharp.Modules;

namespace Embedded.TorchSharp.Tests.Modules;

[TestClass]
public class ModuleTests
{
    [TestMethod]
    public void Fields_are_registered_under_their_names()
    {
        using var network = new Network();
        CollectionAssert.AreEqual(
            new[] { "scale", "encoder.weight", "decoder.weight", "decoder.bias" },
            network.named_parameters().Select(p => p.name).ToArray());
        CollectionAssert.AreEqual(new[] { "count" }, network.named_buffers().Select(b => b.name).ToArray());
        CollectionAssert.AreEqual(new[] { "encoder", "decoder" }, network.named_children().Select(c => c.name).ToArray());
        Assert.IsTrue(network.has_parameter("decoder.bias"));
        Assert.IsFalse(network.has_parameter("decoder.scale"));
    }

    [TestMethod]
    public void A_parameter_held_twice_is_counted_once_and_saved_under_both_names()
    {
        using var network = new Network();
        network.Tie();
        Assert.AreEqual(3, network.parameters().Count());
        CollectionAssert.IsSubsetOf(new[] { "encoder.weight", "decoder.weight" }, network.state_dict().Keys);
    }

    [TestMethod]
    public void Training_mode_reaches_every_module()
    {
        using var network = new Network();
        network.eval();
        Assert.IsTrue(network.modules().All(module => !module.training));
        network.train();
        Assert.IsTrue(network.training && network.modules().All(module => module.training));
    }

    [TestMethod]
    public void A_state_goes_from_one_module_to_another()
    {
        using var first = new Network();
        using var second = new Network();
        var (missing, unexpected) = second.load_state_dict(first.state_dict());
        Assert.AreEqual(0, missing.Count + unexpected.Count);
        foreach (var (key, value) in first.state_dict()) Assert.IsTrue(value.Equals(second.state_dict()[key]), key);
    }

    [TestMethod]
    public void A_state_that_does_not_fit_names_the_keys_or_the_shapes()
    {
        using var network = new Network();
        var state = network.state_dict();
        state.Remove("scale");
        state["other"] = zeros(1);
        var keys = Assert.ThrowsExactly<InvalidOperationException>(() => network.load_state_dict(state));
        Assert.AreEqual("The state does not fit this module. Missing: scale; unexpected: other.", keys.Message);
        state["decoder.bias"] = zeros(9);
        var shape = Assert.ThrowsExactly<ArgumentException>(() => network.load_state_dict(state, strict: false));
        StringAssert.StartsWith(shape.Message, "'decoder.bias' has shape");
    }

    [TestMethod]
    public void Converting_keeps_parameters_the_same_objects_and_their_gradients()
    {
        using var network = new Network();
        var scale = network.get_parameter("scale")!;
        scale.grad = ones(1);
        Assert.AreSame(network, network.to(float64));
        Assert.AreSame(scale, network.get_parameter("scale"));
        Assert.AreEqual(ScalarType.Float64, scale.dtype);
        Assert.IsTrue(scale.requires_grad && scale.is_leaf);
        Assert.AreEqual(ScalarType.Float64, scale.grad.dtype);
        Assert.AreEqual(ScalarType.Int64, network.get_buffer("count")!.dtype);
        Assert.ThrowsExactly<ArgumentException>(() => network.to(int64));
    }

    [TestMethod]
    public void Zeroing_gradients_takes_them_away_or_fills_them()
    {
        using var network = new Network();
        var scale = network.get_parameter("scale")!;
        scale.grad = ones(1);
        network.zero_grad(set_to_none: false);
        Assert.AreEqual(0f, scale.grad!.item<float>());
        network.zero_grad();
        Assert.IsNull(scale.grad);
    }

    [TestMethod]
    public void Disposing_a_module_disposes_what_it_holds()
    {
        var network = new Network();
        Parameter[] parameters = [.. network.parameters()];
        network.Dispose();
        Assert.IsTrue(parameters.All(parameter => parameter.IsInvalid));
    }

    [TestMethod]
    public void Hooks_run_around_forward_until_they_are_removed()
    {
        using var tanh = nn.Tanh();
        var before = tanh.register_forward_pre_hook((_, x) => x * 0);
        var after = tanh.register_forward_hook((_, _, y) => y + 1);
        Assert.AreEqual(1f, tanh.call(ones(1)).item<float>());
        before.remove();
        after.remove();
        Assert.AreEqual(MathF.Tanh(1), tanh.call(ones(1)).item<float>(), 1e-6f);
    }

    [TestMethod]
    public void Names_with_dots_and_names_given_twice_are_refused()
    {
        using var network = new Network();
        Assert.ThrowsExactly<ArgumentException>(() => network.register_buffer("a.b", zeros(1)));
        Assert.ThrowsExactly<InvalidOperationException>(() => network.register_buffer("count", zeros(1)));
    }

    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter scale = new(ones(1));
        private readonly Tensor count = zeros(1, int64);
        private readonly Embedding encoder = nn.Embedding(5, 3);
        private readonly Linear decoder = nn.Linear(3, 5);

        internal Network()
            : base(nameof(Network)) => RegisterComponents();

        public override Tensor forward(Tensor input) => decoder.call(encoder.call(input) * scale) + count;

        internal void Tie() => decoder.weight = encoder.weight!;
    }
}
