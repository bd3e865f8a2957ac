using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using static TorchSharp.torch;

namespace Benchmarks.Workloads;

/// <summary>
/// A whole training step with the network and the dropout of the setting: one window of all columns, and the update.
/// </summary>
internal sealed class StepWorkload : Workload
{
    private readonly LanguageModelNetwork _network;
    private readonly TokenGrid _grid;
    private readonly RecurrentState[] _states;
    private readonly Action _run;
    private readonly IDisposable _step;

    public StepWorkload(Setting setting, Case which, Device device)
    {
        MixtureOfSoftmaxesTrainer.Options options = setting.Options(Part.Step, which);
        Tokens = options.SequenceLength * options.BatchSize;
        _network = new(options.Shape(setting.Vocabulary), device, useKernels: which.Formulation != Formulation.Plain);
        _grid = new(RandomWords(setting, Tokens), endOfSentence: 0, options.BatchSize, options.SequenceLength, device);
        _states =
        [
            .. Enumerable.Range(0, options.BatchSize).Chunk(options.PassBatchSize ?? options.BatchSize)
                .Select(pass => _network.InitialState(pass.Length)),
        ];
        if (which.Formulation == Formulation.Plain)
        {
            var step = new PlainStep(_network, options);
            (_step, _run) = (step, () => step.Run(_grid, _states));
        }
        else
        {
            var step = new TrainingStep(_network, options);
            (_step, _run) = (step, () => step.Run(_grid, 0, _grid.Length, _states, options.LearningRate, seed: 1));
        }

        AllocateGradients(_network.parameters());
    }

    public override int Tokens { get; }

    public override void Run() => _run();

    public override void Dispose()
    {
        _step.Dispose();
        Array.ForEach(_states, state => state.Dispose());
        _network.Dispose();
    }
}
