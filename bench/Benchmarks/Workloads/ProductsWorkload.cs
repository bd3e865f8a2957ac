using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Workloads;

/// <summary>The matrix products of a mixture of softmaxes and nothing else: the limit of what can be reached with this libtorch.</summary>
internal sealed class ProductsWorkload : Workload
{
    private readonly BareLayer[] _layers;
    private readonly int _passes;
    private readonly bool _goesBack;

    public ProductsWorkload(Setting setting, Part part, Case which, Device device)
    {
        MixtureOfSoftmaxesTrainer.Options options = setting.Options(part, which);
        NetworkShape shape = options.Shape(setting.Vocabulary);
        int columns = part == Part.Scoring ? ScoringWorkload.Columns : options.PassBatchSize ?? options.BatchSize;
        int steps = part == Part.Scoring ? ScoringWorkload.Steps : options.SequenceLength;
        _goesBack = part != Part.Scoring;
        _passes = part == Part.Step ? options.BatchSize / columns : 1;
        Tokens = columns * steps * _passes;
        ScalarType type = which.Precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        IEnumerable<(long Rows, long Input, long Output)> sizes = Sizes(shape, (long)columns * steps);
        _layers = [.. (part == Part.Head ? sizes.Take(1) : sizes).Select(size => new BareLayer(size.Rows, size.Input, size.Output, type, device))];
    }

    public override int Tokens { get; }

    public override void Run()
    {
        using IDisposable noGrad = no_grad();
        for (int pass = 0; pass < _passes; pass++)
        {
            Array.ForEach(_layers, layer => layer.Multiply(_goesBack));
        }
    }

    public override void Dispose() => Array.ForEach(_layers, layer => layer.Dispose());

    /// <summary>Decoder, latent layer, and of every LSTM layer the products with inputs and with states.</summary>
    private static IEnumerable<(long Rows, long Input, long Output)> Sizes(NetworkShape shape, long tokens)
    {
        yield return (tokens * shape.Experts, shape.EmbeddingSize, shape.VocabularySize);
        yield return (tokens, shape.LastHiddenSize, (long)shape.Experts * shape.EmbeddingSize);
        for (int i = 0; i < shape.LayerCount; i++)
        {
            (int input, int output) = shape.Layer(i);
            yield return (tokens, input, 4L * output);
            yield return (tokens, output, 4L * output);
        }
    }

    /// <summary>The products of a linear layer, a block of rows at a time so that results of any size are written to the same memory.</summary>
    private sealed class BareLayer(long rows, long input, long output, ScalarType type, Device device) : IDisposable
    {
        private const long BlockBytes = 32L << 20;

        private readonly Tensor _x_r_i = rand(rows, input, type, device);
        private readonly Tensor _gradX_r_i = empty(rows, input, type, device);
        private readonly Tensor _weight_o_i = rand(output, input, type, device);
        private readonly Tensor _gradWeight_o_i = zeros(output, input, type, device);
        private readonly Tensor _y_b_o = rand(Math.Min(rows, Math.Max(512, BlockBytes / (4 * output))), output, type, device);

        public void Multiply(bool goesBack)
        {
            for (long start = 0; start < rows; start += _y_b_o.shape[0])
            {
                using DisposeScope scope = NewDisposeScope();
                long count = Math.Min(_y_b_o.shape[0], rows - start);
                Tensor x_b_i = _x_r_i.narrow(0, start, count), y_b_o = _y_b_o.narrow(0, 0, count);
                y_b_o.addmm_(x_b_i, _weight_o_i.t(), beta: 0);
                if (goesBack)
                {
                    _gradX_r_i.narrow(0, start, count).addmm_(y_b_o, _weight_o_i, beta: 0);
                    _gradWeight_o_i.addmm_(y_b_o.t(), x_b_i, beta: start == 0 ? 0 : 1);
                }
            }
        }

        public void Dispose()
        {
            foreach (Tensor tensor in (Tensor[])[_x_r_i, _gradX_r_i, _weight_o_i, _gradWeight_o_i, _y_b_o])
            {
                tensor.Dispose();
            }
        }
    }
}
