using System.Reflection;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>The catalog's <c>Load</c>: that of ML.NET, but for what it says when a file cannot be loaded.</summary>
[TestClass]
public sealed class ModelLoaderTests : IDisposable
{
    private static readonly Lazy<byte[]> s_zip = new(() => ModelZip.Save(TinyModel.Trained));

    private readonly MLContext _ml = new();
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public void A_good_file_gives_the_model_and_its_schema_as_ML_NET_does()
    {
        string path = Write(s_zip.Value);
        ITransformer loaded = _ml.LanguageModeling.Load(path, out DataViewSchema schema);
        ITransformer plain = _ml.Model.Load(path, out DataViewSchema plainSchema);
        Assert.AreSequenceEqual(plainSchema.Select(c => (c.Name, c.Type)), schema.Select(c => (c.Name, c.Type)));
        Assert.AreEqual(_ml.Score(plain, "w1 w2")[0].LogLikelihood, _ml.Score(loaded, "w1 w2")[0].LogLikelihood);
    }

    [TestMethod]
    public void A_model_saved_without_a_schema_gives_none()
    {
        string path = _folder.PathOf("model.zip");
        _ml.LanguageModeling.Save(TinyModel.Trained, null!, path);
        _ml.LanguageModeling.Load(path, out DataViewSchema schema);
        Assert.IsNull(schema);
    }

    [TestMethod]
    public void A_bad_file_is_named_with_the_cause_and_the_remedy()
    {
        foreach (BadModel bad in BadModel.Of(s_zip.Value))
        {
            string path = Write(bad.Bytes);
            InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
                () => _ml.LanguageModeling.Load(path, out _), bad.Name);
            bad.AssertExplained(path, error.Message);
            Assert.IsNotNull(error.InnerException, bad.Name);
        }
    }

    [TestMethod]
    public void A_file_that_is_not_there_is_named_and_so_is_a_folder()
    {
        string file = _folder.PathOf("no.zip");
        foreach (string path in new[] { file, Path.Combine(file, "no.zip"), Path.GetDirectoryName(file)! })
        {
            Errors.AssertThrows<FileNotFoundException>(
                () => _ml.LanguageModeling.Load(path, out _), $"no model file '{path}'", "give the path of a saved model");
        }
    }

    [TestMethod]
    public void A_component_whose_package_is_not_here_is_told_with_its_assembly()
    {
        byte[] zip = ModelZip.With(s_zip.Value, "Transform_001/Model.key", key =>
        {
            key[key.AsSpan().IndexOf("M\0i\0c\0r\0o\0s\0o\0f\0t\0"u8)] = (byte)'W';
            return key;
        });
        string path = Write(zip);
        Errors.AssertThrows<InvalidDataException>(
            () => _ml.LanguageModeling.Load(path, out _),
            $"'{path}'", "'Wicrosoft.ML.MixtureOfSoftmaxes, ", "load it with the packages that it was saved with");
    }

    [TestMethod]
    public void What_is_not_the_fault_of_the_file_is_told_with_a_remedy_of_its_own()
    {
        string path = Write(s_zip.Value);
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => new MLContext { GpuDeviceId = 99, FallbackToCpu = false }.LanguageModeling.Load(path, out _));
        Assert.Contains($"'{path}'", error.Message);
        Assert.EndsWith("set FallbackToCpu on the MLContext to go on without one.", error.Message);
    }

    [TestMethod]
    public void A_cause_that_wraps_another_of_its_own_stays_whole()
    {
        var cause = new InvalidOperationException("cause", new FormatException("its own"));
        Exception library = new TypeInitializationException("TorchSharp.torch", cause);
        Exception marked = new InvalidOperationException("Error during class instantiation", new TargetInvocationException(library));
        Assert.AreSame(cause, ModelLoader.CauseOf(new TargetInvocationException(marked)));
        Assert.AreSame(cause, ModelLoader.CauseOf(cause));
    }

    [TestMethod]
    public void A_bad_file_can_be_replaced_and_loaded_once_it_has_failed()
    {
        string path = Write(s_zip.Value[..100]);
        Assert.ThrowsExactly<InvalidDataException>(() => _ml.LanguageModeling.Load(path, out _));
        File.Move(Write(s_zip.Value, "good.zip"), path, overwrite: true);
        Assert.IsNotNull(_ml.LanguageModeling.Load(path, out _));
    }

    public void Dispose() => _folder.Dispose();

    private string Write(byte[] bytes, string name = "model.zip")
    {
        File.WriteAllBytes(_folder.PathOf(name), bytes);
        return _folder.PathOf(name);
    }

    [TestMethod]
    [DataRow("CUDA error: CUDA-capable device(s) is/are busy or unavailable\nCUDA kernel errors might be", "busy", "GpuDeviceId")]
    [DataRow("CUDA out of memory. Tried to allocate 2.00 GiB.\nException raised from malloc", "Memory ran out", "another device")]
    public void A_GPU_that_is_busy_or_full_is_no_fault_of_the_file(string text, string cause, string remedy)
    {
        var error = new InvalidOperationException(text);
        Exception explained = ModelLoader.Explain(Stream.Null, "m.zip", error, error);
        Assert.IsInstanceOfType<InvalidOperationException>(explained);
        foreach (string part in (string[])["'m.zip'", cause, remedy])
        {
            Assert.Contains(part, explained.Message);
        }

        Assert.DoesNotContain("\n", explained.Message);
        Assert.DoesNotContain("Restore a copy", explained.Message);
    }
}
