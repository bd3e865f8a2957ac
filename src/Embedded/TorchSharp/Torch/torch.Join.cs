using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Op Cat = new("cat"), Stack = new("stack"), Vstack = new("vstack"), Hstack = new("hstack"),
        Einsum = new("einsum"), BlockDiag = new("block_diag");

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Cat.Call(Listed(tensors), dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Stack.Call(Listed(tensors), dim);

    public static Tensor vstack(IList<Tensor> tensors) => Vstack.Call(Listed(tensors));

    public static Tensor hstack(IList<Tensor> tensors) => Hstack.Call(Listed(tensors));

    public static Tensor einsum(string equation, params Tensor[] tensors) => Einsum.Call(equation, tensors);

    public static Tensor block_diag(params Tensor[] tensors) => BlockDiag.Call(tensors);

    private static Tensor[] Listed(IEnumerable<Tensor> tensors) => tensors as Tensor[] ?? [.. tensors];
}
