using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cuda;

/// <summary>Compiled kernels on the disk; the compiler stands in for NVRTC, and the driver takes what the test says.</summary>
[TestClass]
public sealed class KernelCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Compiler _compiler = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void What_was_compiled_once_is_read_by_the_next_process()
    {
        (string first, string origin) = Load();
        Assert.AreEqual("1: source for 90", first);
        Assert.Contains("compiled for sm_90 by NVRTC 12.8", origin);
        Assert.Contains($"kept as '{Assert.ContainsSingle(Files())}'", origin);
        (string second, string from) = Load();
        Assert.AreEqual("1: source for 90", second);
        Assert.AreEqual($"read from '{Files().Single()}'", from);
    }

    [TestMethod]
    public void Another_source_GPU_or_compiler_has_a_file_of_its_own()
    {
        Assert.AreEqual("1: source for 90", Load().Loaded);
        Assert.AreEqual("2: source for 80", Load(architecture: 80).Loaded);
        Assert.AreEqual("3: other for 90", Load(source: "other").Loaded);
        _compiler.Version = "13.0";
        Assert.AreEqual("4: source for 90", Load().Loaded);
        Assert.HasCount(4, Files());
        _compiler.Version = "12.8";
        Assert.AreEqual("1: source for 90", Load().Loaded);
    }

    [TestMethod]
    [DataRow("empty")]
    [DataRow("cut")]
    [DataRow("a bit")]
    [DataRow("a folder")]
    public void A_damaged_file_is_compiled_again_and_replaced(string damage)
    {
        Load();
        string file = Files().Single();
        byte[] bytes = File.ReadAllBytes(file);
        switch (damage)
        {
            case "empty":
                File.WriteAllBytes(file, []);
                break;
            case "cut":
                File.WriteAllBytes(file, bytes[..^1]);
                break;
            case "a bit":
                bytes[^1] ^= 1;
                File.WriteAllBytes(file, bytes);
                break;
            default:
                File.Delete(file);
                Directory.CreateDirectory(file);
                break;
        }

        Assert.AreEqual("2: source for 90", Load().Loaded);
        Assert.AreEqual(damage == "a folder" ? "3: source for 90" : "2: source for 90", Load().Loaded);
    }

    [TestMethod]
    public void What_the_driver_does_not_take_is_compiled_again()
    {
        Load();
        (string loaded, _) = Load(driver: binary => binary.StartsWith('1') ? throw new CudaException("device kernel image is invalid") : binary);
        Assert.AreEqual("2: source for 90", loaded);
        Assert.AreEqual("2: source for 90", Load().Loaded);
    }

    [TestMethod]
    public void What_it_does_not_take_when_just_compiled_is_an_error_and_not_kept()
    {
        Assert.ThrowsExactly<CudaException>(() => Load(driver: _ => throw new CudaException("out of memory")));
        Assert.IsEmpty(Files());
    }

    [TestMethod]
    public void Without_a_folder_or_where_it_cannot_be_written_kernels_are_compiled_each_time()
    {
        File.WriteAllText(_folder.PathOf("file"), "");
        foreach (string? folder in new[] { null, _folder.PathOf("file") })
        {
            _compiler.Count = 0;
            var cache = new KernelCache(folder);
            Assert.AreEqual("1: source for 90", cache.Load(_compiler, "source", 90, Encoding.UTF8.GetString).Loaded);
            (string loaded, string origin) = cache.Load(_compiler, "source", 90, Encoding.UTF8.GetString);
            Assert.AreEqual("2: source for 90", loaded);
            Assert.AreEqual(folder is not null, origin.Contains("not kept: ", StringComparison.Ordinal));
        }
    }

    private string[] Files() => [.. Directory.EnumerateFiles(_folder.PathOf("")).Where(file => file.EndsWith(".cubin", StringComparison.Ordinal))];

    private (string Loaded, string Origin) Load(string source = "source", int architecture = 90, Func<string, string>? driver = null) =>
        new KernelCache(_folder.PathOf("")).Load(
            _compiler, source, architecture, binary => (driver ?? (text => text))(Encoding.UTF8.GetString(binary)));

    /// <summary>Its code says which compilation it was.</summary>
    private sealed class Compiler : IKernelCompiler
    {
        public int Count { get; set; }

        public string Version { get; set; } = "12.8";

        public byte[] Compile(string source, int architecture) => Encoding.UTF8.GetBytes($"{++Count}: {source} for {architecture}");
    }
}
