using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using static TorchSharp.torch;

// RankProgram sum:   the operations of the ranks, each with what comes out; what is wrong ends the program with an exception.
// RankProgram train: what a program does that trains a model over ranks, and goes on with it on each.
// RankProgram cache FOLDER: the same with a folder of tokens; how many ranks have read the text for it.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args[0] switch { "sum" => Sum(), "cache" => Cache(args[1]), _ => Train() };

static int Sum()
{
    Ranks ranks = Ranks.Of(DistributedMode.Auto, TimeSpan.FromMinutes(1));
    int all = ranks.Count * (ranks.Count + 1) / 2;

    // A tensor of several MB, one that is not contiguous, one of a single number.
    using Tensor large = ones(5_000_000) * (ranks.Rank + 1);
    using Tensor whole = arange(12, dtype: ScalarType.Float32).view(3, 4).clone();
    using Tensor column = whole.t();
    using Tensor single = ones(1) * (ranks.Rank + 1);
    var clock = Stopwatch.StartNew();
    ranks.Tensors.Sum([large, column, single]);
    double milliseconds = clock.Elapsed.TotalMilliseconds;
    Check(large.min().item<float>() == all && large.max().item<float>() == all, "a large tensor");
    Check(whole.data<float>().SequenceEqual(Enumerable.Range(0, 12).Select(i => (float)i * ranks.Count)), "a tensor that is not contiguous");
    Check(single.item<float>() == all, "a single number");

    Check(ranks.Sum(ranks.Rank + 0.5) == all - (ranks.Count / 2.0), "a sum");
    Check(ranks.First(ranks.Rank + 7) == 7, "the value of the first rank");
    Check(ranks.Any(ranks.Rank == ranks.Count - 1) && !ranks.Any(false), "a condition");
    Check(ranks.FirstWhere(ranks.Rank >= 1) == 1 && ranks.FirstWhere(false) is null, "the first rank where it is so");
    Check(ranks.Text($"text of {ranks.Rank} ☺", from: 1) == "text of 1 ☺" && ranks.Text(null) == "", "a text");
    int[] shares = [.. Enumerable.Range(0, ranks.Count).Select(rank => (int)ranks.Sum(rank == ranks.Rank ? ranks.Share(7).Count : 0))];
    Check(shares.Sum() == 7 && shares.Max() - shares.Min() <= 1, "shares");
    if (ranks.IsFirst)
    {
        ranks.Send([1, 2, 3], 1);
        Check(ranks.Receive(1).Length == 3_000_000, "a message of some size");
    }
    else if (ranks.Rank == 1)
    {
        Check(ranks.Receive(0, mayTakeLong: true).SequenceEqual<byte>([1, 2, 3]), "a message");
        ranks.Send(new byte[3_000_000], 0);
    }

    Check(Message(() => ranks.Together(() => Throw(ranks, new InvalidOperationException("one failed")))).Contains("one failed"), "a fault");
    Check(Message(() => ranks.Together(() => Throw(ranks, new OperationCanceledException()))).Length > 0, "a cancellation");
    Check(Message(() => ranks.CheckSame($"{ranks.Rank == 1}", rank => $"other on {rank}")) == "other on 1", "a difference");

    // MPI is a guest: what the runtime makes of signals stays.
    Check(Message(() => _ = ((string?)null)!.Length).Length > 0, "a null reference");
    Console.WriteLine($"rank {ranks.Rank} of {ranks.Count}: {milliseconds:F0} ms for 20 MB");
    return 0;
}

static int Cache(string folder)
{
    var ml = new MLContext(seed: 1);
    int readings = 0;
    IDataView text = ml.Data.LoadFromEnumerable(Rows(() => readings++));
    ITransformer tokenizer = ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text").Fit(text);
    readings = 0;
    using LanguageModelTransformer model = ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", new()
    {
        EmbeddingSize = 6,
        HiddenSize = 8,
        LayerCount = 1,
        Experts = 2,
        BatchSize = 6,
        MaximumTokens = 50,
        TokenCacheFolder = folder,
        TokenCacheKey = "text",
    }).Fit(tokenizer.Transform(text));
    double all = Ranks.Of(DistributedMode.Auto, TimeSpan.FromMinutes(1)).Sum(readings);
    Console.WriteLine($"{all} of {model.Training!.Tokens} tokens");
    return 0;
}

static IEnumerable<Row> Rows(Action onStart)
{
    string[] words = ["a", "b", "c", "d", "e"];
    onStart();
    for (int row = 0; row < 60; row++)
    {
        Thread.Sleep(5);
        yield return new() { Text = string.Join(' ', Enumerable.Range(0, 6).Select(i => words[(row + (i * i)) % 5])) };
    }
}

static int Train()
{
    var ml = new MLContext(seed: 1);
    IDataView text = ml.Data.LoadFromEnumerable(Rows(() => { }));
    int reports = 0;
    IDataView tokens = ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text").Fit(text).Transform(text);
    using LanguageModelTransformer model = ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", new()
    {
        EmbeddingSize = 6,
        HiddenSize = 8,
        LayerCount = 1,
        Experts = 2,
        BatchSize = 4,
        PassBatchSize = 2,
        SequenceLength = 7,
        MaximumEpochs = 2,
        LearningRate = 5,
        ValidationSet = tokens,
        Progress = new Reports(() => reports++),
    }).Fit(tokens);
    string weights = string.Join(' ', model.Network.parameters().Select(p => p.sum().item<float>().ToString("R")));
    Console.WriteLine($"{model.Training!.ValidationPerplexity:R} {weights}{(reports > 0 ? " reported" : "")}");
    return 0;
}

static void Check(bool isRight, string what) => _ = isRight ? true : throw new InvalidOperationException($"Wrong: {what}.");

static void Throw(Ranks ranks, Exception exception) => _ = ranks.Rank == 1 ? throw exception : 0;

static string Message(Action action)
{
    try
    {
        action();
        return "";
    }
    catch (Exception e)
    {
        return e.Message;
    }
}

internal sealed class Row
{
    public string Text { get; set; } = "";
}

internal sealed class Reports(Action count) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => count();
}
