using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes.Evaluation;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using Sample;

// Three heads on the same encoder and at the same small embedding size learn a language of full rank. Softmax and the mixture of
// contexts cannot express it; the mixture of softmaxes can.
const int Words = 200;
const int EmbeddingSize = 12;
const int Experts = 8;

var random = new Random(2018);
var language = new DirichletChain(Words, concentration: 0.1, random);
List<string> train = language.Sentences(200_000, random);
List<string> valid = language.Sentences(10_000, random);
List<string> test = language.Sentences(20_000, random);

var ml = new MLContext(seed: 1);
IDataView trainView = View(train), validView = View(valid), testView = View(test);
ml.Log += (_, e) =>
{
    if (e.Kind >= Microsoft.ML.Runtime.ChannelMessageKind.Info)
    {
        Console.Error.WriteLine("  " + e.RawMessage);
    }
};

var clock = Stopwatch.StartNew();
Console.WriteLine($"A first-order chain over {Words} words, {train.Count:N0} sentences; embedding size d = {EmbeddingSize}, K = {Experts}.");
Console.WriteLine();
Console.WriteLine("| head                 | parameters | test perplexity | bits above the floor | seconds |");
Console.WriteLine("| -------------------- | ---------: | --------------: | -------------------: | ------: |");
double floor = language.Floor(test);
ITransformer? mixture = null;
foreach (LanguageModelHead head in (LanguageModelHead[])[LanguageModelHead.Softmax, LanguageModelHead.MixtureOfContexts, LanguageModelHead.MixtureOfSoftmaxes])
{
    TimeSpan start = clock.Elapsed;
    ITransformer model = Train(head);
    LanguageModelMetrics metrics = ml.LanguageModeling.Evaluate(model.Transform(testView));
    long parameters = ml.LanguageModeling.GetLanguageModel(model).ParameterCount;
    Row(head.ToString(), $"{parameters:N0}", metrics.Perplexity, $"{(clock.Elapsed - start).TotalSeconds:F1}");
    mixture = model;
}

Row("the truth (floor)", "", floor, "");
Console.WriteLine();

string path = Path.Combine(Path.GetTempPath(), $"mos-sample-{Environment.ProcessId}.zip");
ml.LanguageModeling.Save(mixture!, trainView.Schema, path);
Console.WriteLine($"Saved the mixture of softmaxes ({new FileInfo(path).Length / 1024:N0} KiB), loaded it back, scored three sentences:");
ITransformer loaded = ml.Model.Load(path, out _);
File.Delete(path);
string ordinary = test.First(sentence => sentence.Length is > 20 and < 50);
string shuffled = string.Join(' ', ordinary.Split(' ').Reverse());
foreach (ScoredSentence row in ml.Data.CreateEnumerable<ScoredSentence>(
    loaded.Transform(View([ordinary, shuffled, "a sentence of other words"])), reuseRowObject: false))
{
    Console.WriteLine($"  perplexity {row.Perplexity,8:F1}  unknown {row.OutOfVocabularyCount}  {row.Text}");
}

IDataView View(IEnumerable<string> sentences) => ml.Data.LoadFromEnumerable(sentences.Select(text => new Sentence { Text = text }));

ITransformer Train(LanguageModelHead head)
{
    var tokenizer = ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text").Fit(trainView);
    var trainer = ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", new()
    {
        Head = head,
        Experts = Experts,
        EmbeddingSize = EmbeddingSize,
        LastHiddenSize = 64,
        LayerCount = 1,
        WordDropout = 0,
        InputDropout = 0,
        HiddenDropout = 0,
        OutputDropout = 0,
        LatentDropout = 0,
        WeightDropout = 0,
        BatchSize = 32,
        SequenceLength = 20,
        Optimizer = LanguageModelOptimizer.Adam,
        LearningRate = 0.02,
        MaximumEpochs = 6,
        ValidationSet = tokenizer.Transform(validView),
    });
    return tokenizer.Append(trainer.Fit(tokenizer.Transform(trainView)));
}

void Row(string name, string parameters, double perplexity, string seconds) => Console.WriteLine(
    $"| {name,-20} | {parameters,10} | {perplexity,15:F1} | {Math.Log2(perplexity / floor),20:F2} | {seconds,7} |");

namespace Sample
{
    /// <summary>What goes in.</summary>
    internal sealed class Sentence
    {
        public string Text { get; set; } = "";
    }

    /// <summary>What comes out.</summary>
    internal sealed class ScoredSentence
    {
        public string Text { get; set; } = "";

        public float Perplexity { get; set; }

        public int OutOfVocabularyCount { get; set; }
    }
}
