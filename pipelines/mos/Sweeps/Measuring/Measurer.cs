using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Analysis;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Mos.Commands;
using Mos.Input;
using static TorchSharp.torch;
using Settings = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Mos.Sweeps.Measuring;

/// <summary>
/// Measures all configurations in one run, apart from training: they take turns, so that what else the machine does meets all of them. What a
/// configuration costs does not depend on its seed.
/// </summary>
/// <param name="folder">Has the models.</param>
/// <param name="ml">Loads them, onto the device of the sweep.</param>
/// <param name="test">The text to score.</param>
/// <param name="configurations">A run of each, which has a model, and its settings.</param>
internal sealed class Measurer(
    SweepFolder folder, MLContext ml, IDataView test, IReadOnlyList<(SweepRun Run, Settings Settings)> configurations)
{
    // About 5,000 words, which the slowest head scores in seconds.
    private const int RowsToScore = 256;

    private readonly Device _device = ComputeDevice.Choose(HostSettings.Of(ml));
    private AnalyzedText? _text;
    private int _vocabulary;

    /// <exception cref="OperationCanceledException">Cancelled; a measurement cannot go on later, as its rounds would not be of one time.</exception>
    public Measurement[] Measure(int rounds, Action<string> report, CancellationToken cancellation)
    {
        double[][] training = [.. configurations.Select(_ => new double[rounds])], scoring = [.. configurations.Select(_ => new double[rounds])];
        long?[] bytes = new long?[configurations.Count];
        for (int round = 0; round < rounds; round++)
        {
            report($"measuring, round {round + 1} of {rounds}.");
            foreach ((int i, (SweepRun run, Settings settings)) in configurations.Index())
            {
                cancellation.ThrowIfCancellationRequested();
                scoring[i][round] = Score(run, cancellation);
                training[i][round] = TrainingWork.Seconds(settings, _text!.Stream, _vocabulary, _device);
                bytes[i] = round == 0 ? TrainingMemoryCommand.Measure(folder, run, _vocabulary, cancellation) : bytes[i];
            }
        }

        return
        [
            .. configurations.Select((configuration, i) => new Measurement(configuration.Run.Configuration, training[i], scoring[i], bytes[i])),
        ];
    }

    // As 'mos compare' measures it, each row by itself. All models have the vocabulary of the training text.
    private double Score(SweepRun run, CancellationToken cancellation)
    {
        ITransformer loaded = Models.Load(ml, folder.File(run, "model.zip"), scoring => scoring);
        using LanguageModelTransformer model = ModelChain.Find(loaded);
        _text ??= AnalyzedText.Read(loaded, ml.Data.TakeRows(test, RowsToScore), new(null, cancellation));
        _vocabulary = model.Words.Count;
        return ScoredText.Of(run.Name, model, _text, null, new(null, cancellation)).Time.TotalSeconds * 1_000 / _text.Stream.Length;
    }
}
