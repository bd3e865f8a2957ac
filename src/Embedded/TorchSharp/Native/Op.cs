using System.Runtime.CompilerServices;
using System.Text;

namespace TorchSharp.Native;

/// <summary>
/// An ATen operator by the name of its schema ("add.Tensor"; another namespace than aten is written out). Keep it in a static
/// field: it is looked up at its first call, so that an operator which this libtorch lacks fails only where it is used.
/// </summary>
internal sealed unsafe class Op(string name)
{
    private const int InlineWords = 32;

    private nint _handle;

    internal torch.Tensor Call(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return ToTensor(result);
    }

    /// <summary>For the operators that change their first argument, which is returned.</summary>
    internal torch.Tensor InPlace(params ReadOnlySpan<Arg> arguments)
    {
        Invoke(arguments, null, 0);
        return arguments[0].Tensor;
    }

    internal (torch.Tensor, torch.Tensor) Call2(params ReadOnlySpan<Arg> arguments)
    {
        Value* results = stackalloc Value[2];
        Invoke(arguments, results, 2);
        return (ToTensor(results[0]), ToTensor(results[1]));
    }

    internal (torch.Tensor, torch.Tensor, torch.Tensor) Call3(params ReadOnlySpan<Arg> arguments)
    {
        Value* results = stackalloc Value[3];
        Invoke(arguments, results, 3);
        return (ToTensor(results[0]), ToTensor(results[1]), ToTensor(results[2]));
    }

    internal torch.Tensor[] CallList(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        var handles = (nint*)result.Bits;
        var tensors = new torch.Tensor[result.Length];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = new torch.Tensor(handles[i]);
        LibTorch.mos_free(handles);
        return tensors;
    }

    internal Value CallValue(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return result;
    }

    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Arg> arguments, Value* results, int capacity)
    {
        int words = 0;
        foreach (ref readonly var argument in arguments) words += argument.Words;
        Span<long> scratch = words <= InlineWords ? stackalloc long[InlineWords] : new long[words];
        Value* values = stackalloc Value[arguments.Length];
        int returned;
        fixed (long* start = scratch)
        {
            long* next = start;
            for (int i = 0; i < arguments.Length; i++) next += arguments[i].Write(values + i, next);
            returned = LibTorch.mos_operator_call(_handle != 0 ? _handle : Find(), values, arguments.Length, results, capacity);
        }
        foreach (ref readonly var argument in arguments) argument.KeepAlive();
        if (returned < 0) throw LibTorch.LastError();
    }

    private nint Find()
    {
        string schema = name.Contains("::") ? name : "aten::" + name;
        int dot = schema.IndexOf('.');
        byte[] bare = Encoding.UTF8.GetBytes((dot < 0 ? schema : schema[..dot]) + '\0');
        byte[] overload = Encoding.UTF8.GetBytes((dot < 0 ? "" : schema[(dot + 1)..]) + '\0');
        nint found;
        fixed (byte* n = bare, o = overload) LibTorch.Check(LibTorch.mos_operator_find(n, o, &found));
        return _handle = found;
    }

    private static torch.Tensor ToTensor(in Value value) => new((nint)value.Bits, value.Length);
}
