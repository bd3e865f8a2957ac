using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Embedded.MLNet.Tests.Transforms;

/// <summary>
/// The models that the official library saved, and what they were made of; they are beside the checkout or absent.
/// </summary>
internal static class OfficialModels
{
    public const string TokenizeKeys = "tokenize-keys";
    public const string KeysBack = "normalize-tokenize-keys-back";

    public static IDataView Rows(MLContext context) => context.Data.LoadFromEnumerable(
        new[] { "the cat sat on the mat", "The dog sat, on the LOG!", "cats and dogs 42" }.Select(text => new Row { Text = text }));

    public static IEstimator<ITransformer> Pipeline(MLContext context, string name) => name == TokenizeKeys
        ? context.Transforms.Text.TokenizeIntoWords("Words", "Text")
            .Append(context.Transforms.Conversion.MapValueToKey("Tokens", "Words"))
        : context.Transforms.Text.NormalizeText("Clean", "Text")
            .Append(context.Transforms.Text.TokenizeIntoWords("Words", "Clean"))
            .Append(context.Transforms.Conversion.MapValueToKey(
                "Tokens", "Words", maximumNumberOfKeys: 6, keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
            .Append(context.Transforms.Conversion.MapKeyToValue("Back", "Tokens"));

    /// <summary>The path of a file among the models; a test that needs it is inconclusive where there is none.</summary>
    public static string PathOf(string fileName)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", "mlnet-5.0.0-models", fileName);
            if (File.Exists(path))
                return path;
        }

        Assert.Inconclusive($"There is no shared/data/mlnet-5.0.0-models/{fileName} in a folder above {AppContext.BaseDirectory}.");
        return "";
    }

    internal sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
