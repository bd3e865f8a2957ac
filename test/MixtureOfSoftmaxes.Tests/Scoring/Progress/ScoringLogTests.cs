using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Progress;

/// <summary>What <see cref="MLContext.Log"/> shows of data views that are scored as they are read.</summary>
[TestClass]
public sealed class ScoringLogTests
{
    private readonly ManualTime _time = new();
    private readonly List<LoggingEventArgs> _messages = [];
    private readonly MLContext _ml = new();

    public ScoringLogTests() => Listen(_ml);

    [TestMethod]
    public void Work_of_less_than_five_seconds_leaves_no_message_of_any_kind()
    {
        var log = new ScoringLog(Host, 100, _time);
        _time.Pass(4.9);
        log.Add(100, 300, default);
        Assert.IsEmpty(_messages);
    }

    [TestMethod]
    public void Every_five_seconds_a_message_says_how_far_it_is()
    {
        var log = new ScoringLog(Host, 4096, _time);
        for (int second = 2; second <= 14; second += 2)
        {
            _time.Pass(2);
            log.Add(256, 1000, default);
        }

        // At 6 s, and then not before 11 s: at 12 s. 3,000 tokens in 6 s, 768 of 4,096 rows: 26 s for the rest.
        Assert.AreSequenceEqual(
            [
                "Scored 768 of 4,096 rows, 3,000 tokens, 500 tokens/s, 26 s left",
                "Scored 1,536 of 4,096 rows, 6,000 tokens, 500 tokens/s, 20 s left",
            ],
            Infos.Select(message => message.RawMessage));
        Assert.EndsWith("; Scoring", Infos[0].Source);
    }

    [TestMethod]
    public void Where_the_rows_are_not_counted_no_time_is_left_to_tell()
    {
        var log = new ScoringLog(Host, null, _time);
        _time.Pass(8);
        log.Add(1024, 20_000, default);
        Assert.AreEqual("Scored 1,024 rows, 20,000 tokens, 2500 tokens/s", Infos.Single().RawMessage);
    }

    [TestMethod]
    public async Task A_model_that_was_trained_loaded_or_changed_tells_of_rows_that_take_long()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 1;
        ITransformer trained = TinyModel.Train(_ml, options);
        var other = new MLContext();
        Listen(other);
        ITransformer[] models =
        [
            trained,
            other.Model.Load(new MemoryStream(ModelZip.Save(trained)), out _),
            _ml.LanguageModeling.ChangeScoring(trained, scoring => scoring with { Context = ScoringContext.Stream }),
            _ml.LanguageModeling.AdaptDynamically(trained, _ml.Texts("a b")),
        ];
        _messages.Clear();
        await Task.WhenAll(models.Select(model => Task.Run(() =>
        {
            IDataView rows = _ml.Data.LoadFromEnumerable(new SlowText[] { new(TimeSpan.FromSeconds(5.1)), new(TimeSpan.Zero) });
            Assert.HasCount(2, model.Transform(rows).GetColumn<float>("LogLikelihood"));
        })));
        Assert.HasCount(models.Length, Infos);
        Assert.IsTrue(Infos.All(message => message.RawMessage.StartsWith("Scored 2 of 2 rows, 4 tokens, ", StringComparison.Ordinal)));
    }

    private IHost Host => ((IHostEnvironment)_ml).Register("Test");

    private LoggingEventArgs[] Infos => [.. _messages.Where(message => message.Kind == ChannelMessageKind.Info)];

    private void Listen(MLContext ml) => ml.Log += (_, message) =>
    {
        lock (_messages)
        {
            _messages.Add(message);
        }
    };

    /// <summary>A row that takes its time to be read.</summary>
    private sealed class SlowText(TimeSpan time)
    {
        public string Text
        {
            get
            {
                Thread.Sleep(time);
                return "a";
            }
        }
    }
}
