using System.Text.Json;

namespace Embedded.TorchSharp.Tests.Oracle;

/// <summary>The numbers of oracle.json, which oracle.py had PyTorch compute.</summary>
internal static class Golden
{
    private static readonly Dictionary<string, Entry> s_entries = Read();

    internal static Tensor Get(string name)
    {
        var entry = s_entries[name];
        return tensor(entry.Data, entry.Shape);
    }

    /// <summary>Same shape, and equal up to rounding.</summary>
    internal static void Expect(string name, Tensor actual, double tolerance = 1e-9)
    {
        using var scope = NewDisposeScope();
        var expected = Get(name);
        CollectionAssert.AreEqual(expected.shape, actual.shape, $"shape of {name}");
        double error = (actual.@double() - expected).abs().max().item<double>();
        Assert.IsLessThanOrEqualTo(tolerance, error, $"{name} is off by {error}");
    }

    private static Dictionary<string, Entry> Read()
    {
        using var stream = typeof(Golden).Assembly.GetManifestResourceStream("oracle.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, Entry>>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record Entry(long[] Shape, double[] Data);
}
