using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace ServiceLoad;

/// <summary>Texts of words with frequencies as in natural language (Zipf's law), and a model of them.</summary>
internal static class Corpus
{
    private const int VocabularySize = 10_000;

    public static string[] Texts(int count, int words, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Text())];

        string Text() => string.Join(' ', Enumerable.Range(0, words).Select(_ => Word(random)));
    }

    /// <summary>Trains a model of the default size for a few steps. Returns its path.</summary>
    public static string TrainModel()
    {
        var ml = new MLContext(seed: 1);
        string path = Path.Combine(Path.GetTempPath(), $"service-load-{Environment.ProcessId}.zip");
        IEnumerable<string> everyWord = Enumerable.Range(1, VocabularySize).Select(rank => $"w{rank}");
        IDataView train = ml.Data.LoadFromEnumerable(
            everyWord.Concat(Texts(100, 10, seed: 1)).Select(text => new TextLine { Text = text }).ToArray());
        ITransformer model = ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text")
            .Append(ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", new() { MaximumTokens = 1_000 }))
            .Fit(train);
        ml.LanguageModeling.Save(model, train.Schema, path);
        return path;
    }

    // Draws a rank with a probability that is nearly proportional to 1 / rank.
    private static string Word(Random random) => $"w{(int)Math.Pow(VocabularySize, random.NextDouble())}";
}
