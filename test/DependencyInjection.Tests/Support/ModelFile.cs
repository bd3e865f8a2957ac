using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

/// <summary>A model file that tests replace. Its models know the words a to k, and differ in their seed.</summary>
internal sealed class ModelFile : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ModelFile(int seed = 1) => Write(Bytes(seed));

    public string Path => _folder.PathOf("model.zip");

    public static byte[] Bytes(int seed, ScoringOptions? scoring = null) => Bytes(Shapes.Network(seed: seed), scoring);

    /// <summary>A model with a weight of that value, and checksums that are right.</summary>
    public static byte[] BytesWithWeight(double value)
    {
        LanguageModelNetwork network = Shapes.Network();
        double[] weights = Tensors.Values(network.Embedding);
        weights[^1] = value;
        network.Embedding.Set(weights);
        return Bytes(network, null);
    }

    /// <summary>The scores of texts, each scored alone by plain ML.NET with the model of that seed; without tokens.</summary>
    public static TextScore[] Expected(int seed, params string[] texts)
    {
        var ml = new MLContext();
        ITransformer model = ModelZip.Load(Bytes(seed));
        return
        [
            .. texts.Select(text => ml.Score(model, text).Single())
                .Select(row => new TextScore(
                    row.LogLikelihood, row.TokenCount, row.OutOfVocabularyCount, row.Perplexity, row.BitsPerCharacter,
                    Tokens: [])),
        ];
    }

    /// <summary>Replaces the file at one stroke: writes a new one beside it, and renames that.</summary>
    public void Write(byte[] bytes)
    {
        File.WriteAllBytes(Path + ".new", bytes);
        File.Move(Path + ".new", Path, overwrite: true);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Bytes(LanguageModelNetwork network, ScoringOptions? scoring) =>
        ModelZip.Save(new TransformerChain<ITransformer>(
            new VocabularyTokenizingTransformer("Tokens", "Text", TinyModel.Vocabulary()),
            new LanguageModelTransformer(new("Tokens", scoring ?? new(), TinyModel.Vocabulary(), network))));
}
