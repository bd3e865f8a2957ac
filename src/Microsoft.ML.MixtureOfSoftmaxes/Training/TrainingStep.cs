using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>One step of gradient descent: a window of the stream forward and backward, clipping, the update.</summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly LanguageModelNetwork _network;
    private readonly MixtureOfSoftmaxesTrainer.Options _options;
    private readonly Parameter[] _parameters;
    private readonly optim.Optimizer _optimizer;
    private readonly MixtureCrossEntropy _loss = new();

    public TrainingStep(LanguageModelNetwork network, MixtureOfSoftmaxesTrainer.Options options)
    {
        _network = network;
        _options = options;
        _parameters = [.. network.parameters()];
        _optimizer = options.Optimizer switch
        {
            LanguageModelOptimizer.Adam => optim.Adam(_parameters, options.LearningRate, weight_decay: options.WeightDecay),
            _ => optim.SGD(_parameters, options.LearningRate, weight_decay: options.WeightDecay),
        };
    }

    public double LearningRate
    {
        get => _optimizer.ParamGroups.First().LearningRate;
        set
        {
            foreach (optim.ILearningRateController group in _optimizer.ParamGroups)
            {
                group.LearningRate = value;
            }
        }
    }

    /// <summary>Learns from words [T, B] and their targets [T B]; the state goes on to the next window.</summary>
    /// <returns>The sum of -log P over the targets, nats; the regularisers are not in it.</returns>
    public double Run(Tensor words_t_b, Tensor targets_n, ref RecurrentState state)
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        Tensor logLikelihood_n;
        using (_network.DropWeights(_options.WeightDropout))
        {
            LanguageModelNetwork.Encoding encoding = _network.Encode(words_t_b, state, _options.DropoutRates);
            logLikelihood_n = Backpropagate(encoding, targets_n);
            state.Dispose();
            state = encoding.Next.Detach();
        }

        nn.utils.clip_grad_norm_(_parameters, _options.ClipNorm);
        _optimizer.step();
        return -logLikelihood_n.sum(ScalarType.Float64).item<double>();
    }

    public void Dispose()
    {
        _loss.Dispose();
        _optimizer.Dispose();
    }

    private Tensor Backpropagate(LanguageModelNetwork.Encoding encoding, Tensor targets_n)
    {
        (Tensor logLikelihood_n, Tensor gradContexts, Tensor? gradLogPriors) = _loss.Backpropagate(
            encoding.Mixture, _network.Embedding, _network.DecoderBias, targets_n, scale: 1.0 / targets_n.shape[0]);
        List<Tensor> outputs = [encoding.Mixture.Contexts];
        List<Tensor> gradients = [gradContexts];
        if (gradLogPriors is not null)
        {
            outputs.Add(encoding.Mixture.LogPriors!);
            gradients.Add(gradLogPriors);
        }

        if (Regularizer(encoding) is Tensor regularizer)
        {
            outputs.Add(regularizer);
            gradients.Add(ones_like(regularizer));
        }

        autograd.backward(outputs, gradients);
        return logLikelihood_n;
    }

    /// <summary>alpha mean(dropped g squared) + beta mean((g[t+1] - g[t]) squared), g before dropout in the second.</summary>
    private Tensor? Regularizer(LanguageModelNetwork.Encoding encoding)
    {
        Tensor? sum = null;
        if (_options.ActivationRegularization > 0)
        {
            sum = encoding.Dropped.square().mean() * _options.ActivationRegularization;
        }

        long steps = encoding.Raw.shape[0];
        if (_options.TemporalActivationRegularization > 0 && steps > 1)
        {
            Tensor difference = encoding.Raw.narrow(0, 1, steps - 1) - encoding.Raw.narrow(0, 0, steps - 1);
            Tensor temporal = difference.square().mean() * _options.TemporalActivationRegularization;
            sum = sum is null ? temporal : sum + temporal;
        }

        return sum;
    }
}
