using TorchSharp.Modules;

namespace Embedded.TorchSharp.Tests.Modules;

[TestClass]
public class InitAndUtilsTests
{
    [TestMethod]
    public void Starting_values_are_as_their_names_say()
    {
        using var w = new Parameter(empty(200, 100));
        Assert.AreSame(w, nn.init.uniform_(w, -0.1, 0.1));
        Assert.IsLessThanOrEqualTo(0.1f, w.abs().max().item<float>());
        Assert.AreEqual(0.02, nn.init.normal_(w, 0, 0.02).std().item<float>(), 0.001);
        Assert.AreEqual(0f, nn.init.zeros_(w).abs().max().item<float>());
        Assert.AreEqual(3f, nn.init.constant_(w, 3).mean().item<float>(), 1e-5f);
        Assert.AreEqual(Math.Sqrt(2.0 / 300), nn.init.xavier_uniform_(w).std().item<float>(), 0.002);
        Assert.AreEqual((100L, 200L), nn.init.CalculateFanInAndFanOut(w));
        Assert.IsTrue(w.requires_grad && w.is_leaf);
    }

    [TestMethod]
    [DataRow(6, 4)]
    [DataRow(4, 6)]
    public void An_orthogonal_matrix_has_orthonormal_rows_or_columns(int rows, int columns)
    {
        using var w = nn.init.orthogonal_(empty(rows, columns, float64), gain: 2);
        using var product = rows < columns ? w.mm(w.t()) : w.t().mm(w);
        Assert.IsTrue(product.allclose(4 * eye(Math.Min(rows, columns), dtype: float64)));
    }

    [TestMethod]
    public void Clipping_scales_all_gradients_by_one_factor_when_their_norm_is_too_large()
    {
        Parameter[] parameters = [new(zeros(2)), new(zeros(1)), new(zeros(1))];
        parameters[0].grad = tensor(new[] { 3f, 0f });
        parameters[1].grad = tensor(new[] { 4f });
        Assert.AreEqual(5, nn.utils.clip_grad_norm_(parameters, 10), 1e-6);
        Assert.AreEqual(3f, parameters[0].grad!.max().item<float>());
        Assert.AreEqual(5, nn.utils.clip_grad_norm_(parameters, 1), 1e-6);
        Assert.AreEqual(0.6f, parameters[0].grad!.max().item<float>(), 1e-5f);
        Assert.AreEqual(0.8f, parameters[1].grad!.item<float>(), 1e-5f);
        Assert.IsNull(parameters[2].grad);
    }

    [TestMethod]
    public void Clipping_values_limits_each()
    {
        Parameter parameter = new(zeros(2));
        parameter.grad = tensor(new[] { 3f, -0.1f });
        nn.utils.clip_grad_value_([parameter], 1);
        CollectionAssert.AreEqual(new[] { 1f, -0.1f }, parameter.grad!.data<float>().ToArray());
    }
}
