using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;
using MosService;
using ServiceLoad;

// ServiceLoad [MODEL [WORDS [SECONDS]]]: scores texts of WORDS words for SECONDS seconds in each of several ways. Without a model
// it makes one of the trainer's default size with 10,000 words; how well that predicts does not matter here.
const int Callers = 32;
int words = args.Length > 1 ? int.Parse(args[1]) : 10;
var duration = TimeSpan.FromSeconds(args.Length > 2 ? int.Parse(args[2]) : 10);
string path = args.Length > 0 ? args[0] : Corpus.TrainModel();
string[] texts = Corpus.Texts(count: Math.Max(10, 10_000 / words), words, seed: 2);

Console.WriteLine($"{words} words per text, {duration.TotalSeconds} s each, {Environment.ProcessorCount} cores");
Console.WriteLine(Measurement.Header);

var ml = new MLContext();
ITransformer model = ml.LanguageModeling.Load(path, out _);
IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(texts.Select(text => new TextLine { Text = text })));
await Measurement.RunAsync(
    $"Transform of {texts.Length:N0} rows",
    1,
    duration,
    texts,
    _ => Task.Run(() => scored.GetColumn<int>(nameof(Score.TokenCount)).Sum()));

using (PredictionEngine<TextLine, Score> engine = ml.Model.CreatePredictionEngine<TextLine, Score>(model))
{
    using var turn = new SemaphoreSlim(1);
    await Measurement.RunAsync("one PredictionEngine, one caller", 1, duration, texts, RowByRowAsync);
    await Measurement.RunAsync("one PredictionEngine in turn", Callers, duration, texts, RowByRowAsync);

    async Task<int> RowByRowAsync(string text)
    {
        await turn.WaitAsync();
        try
        {
            return await Task.Run(() => engine.Predict(new() { Text = text }).TokenCount);
        }
        finally
        {
            turn.Release();
        }
    }
}

foreach (double linger in new[] { 0, 1.0 })
{
    await using ServiceProvider provider = new ServiceCollection()
        .AddMixtureOfSoftmaxes(options =>
        {
            options.ModelPath = path;
            options.Linger = TimeSpan.FromMilliseconds(linger);
        })
        .BuildServiceProvider();
    ILanguageModelScorer scorer = provider.GetRequiredService<ILanguageModelScorer>();
    string name = $"scorer service, linger {linger} ms";
    await Measurement.RunAsync($"{name}, one caller", 1, duration, texts, ScoreAsync);
    await Measurement.RunAsync(name, Callers, duration, texts, ScoreAsync);

    async Task<int> ScoreAsync(string text) => (await scorer.ScoreAsync(text)).TokenCount;
}

string[] arguments = ["--model", path, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning"];
await using WebApplication service = ScoringService.Build(arguments);
await service.StartAsync();
using var client = new HttpClient { BaseAddress = new Uri(service.Urls.Single()) };
await Measurement.RunAsync("HTTP POST /score", Callers, duration, texts, async text =>
{
    using HttpResponseMessage response = await client.PostAsJsonAsync("/score", new { text });
    ScoreResponse scores = (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<ScoreResponse>())!;
    return scores.Scores[0].TokenCount;
});
await service.StopAsync();
if (args.Length == 0)
{
    File.Delete(path);
}

internal sealed class Score
{
    public int TokenCount { get; set; }
}
