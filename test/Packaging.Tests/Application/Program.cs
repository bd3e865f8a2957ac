using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

// "train MODEL" trains, saves and prints the perplexity of its text; "score MODEL" prints it again, from the file, and that of
// the first row as the service sees it; "export MODEL ONNX" writes it in ONNX, and prints that of the first row.
string[] texts = [.. Enumerable.Range(0, 100).Select(i => $"the {(i % 2 == 0 ? "cat" : "dog")} sat on mat {i % 5}")];
var ml = new MLContext(seed: 1);
IDataView data = ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }));
switch (args)
{
    case ["train", string path]:
        ITransformer trained = ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text")
            .Append(ml.LanguageModeling.Trainers.MixtureOfSoftmaxes(
                "Tokens", new() { Experts = 2, EmbeddingSize = 8, HiddenSize = 8, LayerCount = 1, MaximumEpochs = 1 }))
            .Fit(data);
        ml.Model.Save(trained, data.Schema, path);
        Console.WriteLine(ml.LanguageModeling.Evaluate(trained.Transform(data)).Perplexity);
        return 0;

    case ["score", string path]:
        Console.WriteLine(ml.LanguageModeling.Evaluate(ml.Model.Load(path, out _).Transform(data)).Perplexity);
        IServiceCollection services = new ServiceCollection().AddMixtureOfSoftmaxes(options => options.ModelPath = path);
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            Console.WriteLine((await provider.GetRequiredService<ILanguageModelScorer>().ScoreAsync(texts[0])).Perplexity);
        }

        return 0;

    case ["export", string path, string onnx]:
        ITransformer loaded = ml.Model.Load(path, out _);
        ml.LanguageModeling.ExportToOnnx(loaded, onnx);
        Console.WriteLine(ml.LanguageModeling.Score(loaded, [texts[0]])[0].Perplexity);
        return 0;

    default:
        return 2;
}

internal sealed class Row
{
    public string Text { get; set; } = "";
}
