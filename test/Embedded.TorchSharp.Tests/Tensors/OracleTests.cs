using Embedded.TorchSharp.Tests.Oracle;

namespace Embedded.TorchSharp.Tests.Tensors;

/// <summary>Operators against PyTorch's own numbers.</summary>
[TestClass]
public class OracleTests
{
    private readonly Tensor _x = Golden.Get("x");
    private readonly Tensor _y = Golden.Get("y");

    public static IEnumerable<(string, Func<Tensor, Tensor>)> OfX =>
    [
        ("exp", t => t.exp()), ("expm1", t => t.expm1()), ("sin", t => t.sin()), ("tanh", t => t.tanh()), ("sigmoid", t => t.sigmoid()),
        ("relu", t => t.relu()), ("silu", t => t.silu()), ("erf", t => t.erf()), ("floor", t => t.floor()), ("ceil", t => t.ceil()),
        ("round", t => t.round()), ("trunc", t => t.trunc()), ("sign", t => t.sign()), ("abs", t => t.abs()), ("neg", t => -t),
        ("square", t => t.square()), ("gelu", t => t.gelu()), ("softplus", t => nn.functional.softplus(t)),
    ];

    public static IEnumerable<(string, Func<Tensor, Tensor>)> OfY =>
    [
        ("log", t => t.log()), ("log2", t => t.log2()), ("log10", t => t.log10()), ("log1p", t => t.log1p()), ("sqrt", t => t.sqrt()),
        ("rsqrt", t => t.rsqrt()), ("reciprocal", t => t.reciprocal()), ("lgamma", t => t.lgamma()), ("digamma", t => t.digamma()),
    ];

    [TestMethod]
    [DynamicData(nameof(OfX))]
    public void Functions_of_one_element_are_PyTorchs(string name, Func<Tensor, Tensor> function) =>
        Golden.Expect($"{name}(x)", function(_x));

    [TestMethod]
    [DynamicData(nameof(OfY))]
    public void Functions_of_one_positive_element_are_PyTorchs(string name, Func<Tensor, Tensor> function) =>
        Golden.Expect($"{name}(y)", function(_y));

    [TestMethod]
    public void Functions_of_several_tensors_are_PyTorchs()
    {
        Golden.Expect("atan2(x,y)", _x.atan2(_y));
        Golden.Expect("logaddexp(x,y)", _x.logaddexp(_y));
        Golden.Expect("pow(y,x)", _y.pow(_x));
        Golden.Expect("remainder(x,0.3)", _x % 0.3);
        Golden.Expect("lerp(x,y,0.3)", _x.lerp(_y, 0.3));
        Golden.Expect("addcmul(x,x,y,0.5)", _x.addcmul(_x, _y, 0.5));
        Golden.Expect("addcdiv(x,x,y,0.5)", _x.addcdiv(_x, _y, 0.5));
    }

    [TestMethod]
    public void Reductions_are_PyTorchs()
    {
        Golden.Expect("sum(x,1)", _x.sum(1));
        Golden.Expect("mean(x,[0,2],keep)", _x.mean([0, 2], keepdim: true));
        Golden.Expect("std(x,1)", _x.std(1));
        Golden.Expect("var(x,[0,1],biased)", _x.var([0, 1], unbiased: false));
        Golden.Expect("norm(x)", _x.norm());
        Golden.Expect("norm(x,1,p=3)", _x.norm(1, p: 3));
        Golden.Expect("logsumexp(x,2)", _x.logsumexp(2));
        Golden.Expect("cumsum(x,1)", _x.cumsum(1));
        Golden.Expect("cumprod(x,2)", _x.cumprod(2));
        Golden.Expect("prod(x,0)", _x.prod(dim: 0));
        Golden.Expect("softmax(x,1)", _x.softmax(1));
        Golden.Expect("log_softmax(x,-1)", _x.log_softmax(-1));
    }

    [TestMethod]
    public void Order_statistics_are_PyTorchs()
    {
        var (largest, at) = _x.max(1);
        Golden.Expect("max(x,1).values", largest);
        Golden.Expect("max(x,1).indices", at);
        var (top, places) = _x.topk(2);
        Golden.Expect("topk(x,2).values", top);
        Golden.Expect("topk(x,2).indices", places);
        Golden.Expect("sort(x,1,desc).values", _x.sort(1, descending: true).Values);
        Golden.Expect("argmin(x,2)", _x.argmin(2));
    }

    [TestMethod]
    public void Matrix_products_and_decompositions_are_PyTorchs()
    {
        var (a, b, c) = (Golden.Get("a"), Golden.Get("b"), Golden.Get("c"));
        Golden.Expect("a@b", a.matmul(b));
        Golden.Expect("addmm(c,a,b,0.5,2)", c.addmm(a, b, beta: 0.5f, alpha: 2));
        Golden.Expect("svdvals(c)", linalg.svdvals(c));
        Golden.Expect("einsum", einsum("ij,jk,ik->i", a, b, c));
        Golden.Expect("norm(a)", linalg.norm(a));
        var (u, s, vh) = linalg.svd(c, fullMatrices: false);
        Golden.Expect("c", u.mul(s).mm(vh));
    }

    [TestMethod]
    public void Losses_and_their_gradients_are_PyTorchs()
    {
        var logits = Golden.Get("logits").requires_grad_();
        var target = tensor(new long[] { 0, 3, 1, -100, 2, 3 });
        var loss = nn.functional.cross_entropy(logits, target, label_smoothing: 0.1);
        Golden.Expect("cross_entropy", loss);
        Golden.Expect("cross_entropy.grad", autograd.grad([loss], [logits])[0]);
        Golden.Expect("nll_sum", nn.functional.nll_loss(logits.log_softmax(1), target.clamp_min(0), reduction: nn.Reduction.Sum));
        Golden.Expect("layer_norm", nn.functional.layer_norm(logits, [4]));
    }
}
