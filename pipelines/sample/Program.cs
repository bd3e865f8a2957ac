using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.Runtime;
using Sample;

// Three heads with the same encoder and the same small embedding size learn a language of full rank. A softmax and a mixture of
// contexts cannot express it; a mixture of softmaxes can. "keep FOLDER" also saves the models and the test text, to try the
// command line on them; "text FOLDER" writes the texts alone, for 'mos sweep', perhaps of a language of another number of words;
// "divergence" measures how far heads of other sizes stay from the true distributions, which no text shows.
if (args is ["text", _] or ["text", _, _] && int.TryParse(args.ElementAtOrDefault(2) ?? $"{Experiment.Words}", out int words) && words > 1)
{
    new Experiment(new MLContext(seed: 1), words).WriteTexts(args[1]);
    return 0;
}

if (args is ["divergence"])
{
    Divergences.Run();
    return 0;
}

string? folder = args is ["keep", string kept] ? kept : null;
if (args.Length > 0 && folder is null)
{
    Console.Error.WriteLine("Usage: sample [keep FOLDER | text FOLDER [WORDS] | divergence]; WORDS is at least 2");
    return 2;
}

var ml = new MLContext(seed: 1);
ml.Log += (_, e) =>
{
    if (e.Kind >= ChannelMessageKind.Info)
    {
        Console.Error.WriteLine("  " + e.RawMessage);
    }
};

var experiment = new Experiment(ml);
IDataView testView = experiment.View(experiment.Test);
var clock = Stopwatch.StartNew();
Console.WriteLine(
    $"A first-order chain over {Experiment.Words} words, {experiment.Train.Count:N0} sentences; " +
    $"embedding size d = {Experiment.EmbeddingSize}, K = {Experiment.Experts}.");
Console.WriteLine();
Console.WriteLine("| head               | parameters | test perplexity | bits above the floor | gap closed | rank | seconds |");
Console.WriteLine("| ------------------ | ---------: | --------------: | -------------------: | ---------: | ---: | ------: |");
double floor = experiment.Language.Floor(experiment.Test);
TruthDivergence? softmax = null;
ITransformer? mixture = null;
(LanguageModelHead, string)[] heads =
[
    (LanguageModelHead.Softmax, "softmax"),
    (LanguageModelHead.MixtureOfContexts, "moc"),
    (LanguageModelHead.MixtureOfSoftmaxes, "mos"),
];
foreach ((LanguageModelHead head, string file) in heads)
{
    TimeSpan start = clock.Elapsed;
    ITransformer model = experiment.Fit(head, Experiment.EmbeddingSize, Experiment.Experts);
    string seconds = $"{(clock.Elapsed - start).TotalSeconds:F1}";
    LanguageModelMetrics metrics = ml.LanguageModeling.Evaluate(model.Transform(testView));
    TruthDivergence divergence = experiment.Divergence(model);
    softmax ??= divergence;
    int rank = ml.LanguageModeling.AnalyzeRank(model, testView).Rank;
    long parameters = ml.LanguageModeling.GetLanguageModel(model).ParameterCount;
    Row(head.ToString(), $"{parameters:N0}", metrics.Perplexity, Percent.Of(divergence.GapClosed(softmax)), $"{rank}", seconds);
    mixture = model;
    if (folder is not null)
    {
        Directory.CreateDirectory(folder);
        ml.LanguageModeling.Save(model, testView.Schema, Path.Combine(folder, $"{file}.zip"));
    }
}

Row("the truth (floor)", "", floor, "", "", "");
Console.WriteLine();
if (folder is not null)
{
    File.WriteAllLines(Path.Combine(folder, "test.txt"), experiment.Test);
    Console.WriteLine($"Models and the test text are in '{folder}'.");
}

string path = Path.Combine(Path.GetTempPath(), $"mos-sample-{Environment.ProcessId}.zip");
ml.LanguageModeling.Save(mixture!, testView.Schema, path);
Console.WriteLine(
    $"Saved the mixture of softmaxes ({new FileInfo(path).Length / 1024:N0} KiB), loaded it back, scored three sentences:");
ITransformer loaded = ml.Model.Load(path, out _);
File.Delete(path);
string ordinary = experiment.Test.First(sentence => sentence.Length is > 20 and < 50);
string shuffled = string.Join(' ', ordinary.Split(' ').Reverse());
foreach (ScoredSentence row in ml.Data.CreateEnumerable<ScoredSentence>(
    loaded.Transform(experiment.View([ordinary, shuffled, "a sentence of other words"])), reuseRowObject: false))
{
    Console.WriteLine($"  perplexity {row.Perplexity,8:F1}  unknown {row.OutOfVocabularyCount}  {row.Text}");
}

return 0;

void Row(string name, string parameters, double perplexity, string closed, string rank, string seconds) => Console.WriteLine(
    $"| {name,-18} | {parameters,10} | {perplexity,15:F1} | {Math.Log2(perplexity / floor),20:F2} | {closed,10} " +
    $"| {rank,4} | {seconds,7} |");

namespace Sample
{
    /// <summary>A row of text.</summary>
    internal sealed class Sentence
    {
        public string Text { get; set; } = "";
    }

    /// <summary>A row of text and the columns of its score.</summary>
    internal sealed class ScoredSentence
    {
        public string Text { get; set; } = "";

        public float Perplexity { get; set; }

        public int OutOfVocabularyCount { get; set; }
    }
}
