using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx.Tests;

/// <summary>The exported model in a pipeline of ML.NET's own steps, behind a tokenizer.</summary>
[TestClass]
public sealed class ApplyOnnxModelTests
{
    private const int Time = 8;
    private const int End = 1;

    [TestMethod]
    public void ApplyOnnxModel_scores_texts_as_libtorch_does()
    {
        var ml = new MLContext();
        var model = (TransformerChain<ITransformer>)TinyModel.Untrained();
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.onnx");
        ml.LanguageModeling.ExportToOnnx(model, path);
        string[] texts = ["a b c d", "k", "", "d unheard f g a a b"];
        IDataView tokens = model.First().Transform(ml.Texts(texts));

        // What is applied takes vectors of one size.
        var shapes = new Dictionary<string, int[]> { ["tokens"] = [1, Time], ["lengths"] = [1], ["log_likelihoods"] = [1, Time] };
        ITransformer scorer = ml.Transforms.Conversion.ConvertType("Keys", "Tokens", DataKind.UInt32)
            .Append(ml.Transforms.CustomMapping<KeyRow, PaddedRow>(Pad, contractName: null))
            .Append(ml.Transforms.ApplyOnnxModel(["log_likelihoods"], ["tokens", "lengths"], path, shapes, recursionLimit: 100))
            .Fit(tokens);
        float[][] actual = [.. scorer.Transform(tokens).GetColumn<float[]>("log_likelihoods")];
        TextScore[] expected = [.. ml.LanguageModeling.Score(model, texts)];
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.AreEqual(expected[i].LogLikelihood, actual[i].Sum(), 1e-3, texts[i]);
        }
    }

    private static void Pad(KeyRow row, PaddedRow padded)
    {
        long[] tokens = [.. row.Keys.Select(key => key - 1L), End];
        padded.Tokens = [.. tokens, .. new long[Time - tokens.Length]];
        padded.Lengths = [tokens.Length];
    }

    private sealed class KeyRow
    {
        public uint[] Keys { get; set; } = [];
    }

    private sealed class PaddedRow
    {
        [ColumnName("tokens")]
        [VectorType(1, Time)]
        public long[] Tokens { get; set; } = [];

        [ColumnName("lengths")]
        [VectorType(1)]
        public long[] Lengths { get; set; } = [];
    }
}
