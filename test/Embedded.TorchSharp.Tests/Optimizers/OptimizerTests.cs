using Embedded.TorchSharp.Tests.Oracle;
using TorchSharp.Modules;

namespace Embedded.TorchSharp.Tests.Optimizers;

[TestClass]
public class OptimizerTests
{
    public static IEnumerable<(string, Func<Parameter, OptimizerHelper>)> All =>
    [
        ("sgd", p => optim.SGD([p], 0.1)),
        ("sgd_momentum", p => optim.SGD([p], 0.1, momentum: 0.9, dampening: 0.2, weight_decay: 0.01)),
        ("sgd_nesterov", p => optim.SGD([p], 0.1, momentum: 0.9, nesterov: true)),
        ("adam", p => optim.Adam([p], 0.05, 0.8, 0.95, weight_decay: 0.02)),
        ("adam_amsgrad", p => optim.Adam([p], 0.05, amsgrad: true)),
        ("adamw", p => optim.AdamW([p], 0.05, weight_decay: 0.1)),
        ("asgd", p => optim.ASGD([p], 0.1, lambd: 0.01, t0: 2, weight_decay: 0.01)),
    ];

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Six_steps_are_PyTorchs(string name, Func<Parameter, OptimizerHelper> make)
    {
        using var parameter = new Parameter(Golden.Get("start"));
        using var optimizer = make(parameter);
        Steps(optimizer, parameter, 6);
        Golden.Expect(name, parameter);
        if (optimizer.state_dict().State[0] is ASGD.State averaged) Golden.Expect("asgd.ax", averaged.ax);
    }

    // Half the steps, the state through a stream into a fresh optimizer, then the other half.
    [TestMethod]
    [DynamicData(nameof(All))]
    public void A_saved_state_goes_on_where_it_was(string name, Func<Parameter, OptimizerHelper> make)
    {
        using var parameter = new Parameter(Golden.Get("start"));
        var stream = new MemoryStream();
        using (var first = make(parameter))
        using (var writer = new BinaryWriter(stream))
        {
            Steps(first, parameter, 3);
            first.save_state_dict(writer);
        }
        using var second = make(parameter);
        using var reader = new BinaryReader(new MemoryStream(stream.ToArray()));
        second.load_state_dict(reader);
        Steps(second, parameter, 3);
        Golden.Expect(name, parameter);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void A_state_dictionary_is_copied_into_another_optimizer(string name, Func<Parameter, OptimizerHelper> make)
    {
        using var parameter = new Parameter(Golden.Get("start"));
        using var first = make(parameter);
        Steps(first, parameter, 3);
        using var second = make(parameter);
        second.load_state_dict(first.state_dict());
        Assert.IsTrue(second.state_dict().State[0].ApproximatelyEquals(first.state_dict().State[0]));
        Steps(second, parameter, 3);
        Golden.Expect(name, parameter);
    }

    [TestMethod]
    public void The_learning_rate_of_a_group_can_be_changed()
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], 1);
        optimizer.ParamGroups.Single().LearningRate = 0.25;
        parameter.grad = ones(1);
        optimizer.step();
        Assert.AreEqual(-0.25f, parameter.item<float>());
        Assert.AreEqual(1.0, optimizer.ParamGroups.Single().InitialLearningRate);
    }

    [TestMethod]
    public void Groups_have_rates_of_their_own()
    {
        using var a = new Parameter(zeros(1));
        using var b = new Parameter(zeros(1));
        using var optimizer = optim.SGD([new SGD.ParamGroup([a], lr: 1), new SGD.ParamGroup([b], lr: 2)], 0.1);
        a.grad = ones(1);
        b.grad = ones(1);
        optimizer.step();
        Assert.AreEqual((-1f, -2f), (a.item<float>(), b.item<float>()));
    }

    [TestMethod]
    public void A_closure_is_evaluated_with_gradients_and_its_loss_returned()
    {
        using var parameter = new Parameter(ones(1));
        using var optimizer = optim.SGD([parameter], 0.5);
        var loss = optimizer.step(() =>
        {
            var loss = (parameter * 3).sum();
            loss.backward();
            return loss;
        });
        Assert.AreEqual(3f, loss!.item<float>());
        Assert.AreEqual(-0.5f, parameter.item<float>());
    }

    [TestMethod]
    public void The_state_of_another_kind_is_refused()
    {
        using var parameter = new Parameter(ones(1));
        var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream)) optim.SGD([parameter], 1).save_state_dict(writer);
        using var reader = new BinaryReader(new MemoryStream(stream.ToArray()));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => optim.Adam([parameter]).load_state_dict(reader));
        Assert.AreEqual("The stream holds the state of SGD, not of Adam.", error.Message);
    }

    [TestMethod]
    public void A_parameter_given_twice_is_refused()
    {
        using var parameter = new Parameter(ones(1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.SGD([parameter, parameter], 1));
    }

    private static void Steps(OptimizerHelper optimizer, Parameter parameter, int count)
    {
        var goal = Golden.Get("goal");
        for (int i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            (1 + (parameter - goal).square()).log().sum().backward();
            optimizer.step();
        }
    }
}
