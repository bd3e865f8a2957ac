namespace TorchSharp.Modules;

/// <summary>Stochastic gradient descent, with momentum, Nesterov's too, and weight decay.</summary>
public partial class SGD : OptimizerHelper, torch.optim.IMomentum
{
    private readonly Options _defaultOptions;

    public SGD(
        IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    public SGD(
        IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (momentum < 0) throw new ArgumentException($"Invalid momentum: {momentum}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight decay: {weight_decay}");
        if (nesterov && (momentum == 0 || dampening != 0))
            throw new ArgumentException("Nesterov's momentum takes a momentum and no dampening.");
        _defaultOptions = new Options
        {
            LearningRate = lr,
            momentum = momentum,
            dampening = dampening,
            weight_decay = weight_decay,
            nesterov = nesterov,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public double Momentum
    {
        get => _defaultOptions.momentum!.Value;
        set => _defaultOptions.momentum = value;
    }

    public override torch.Tensor? step(Func<torch.Tensor>? closure = null) =>
        Step<Options, State>(closure, (parameter, grad, options, state) =>
    {
        if (options.weight_decay != 0) grad = grad.add(parameter, options.weight_decay!.Value);
        if (options.momentum is { } momentum and not 0)
        {
            if (state.momentum_buffer is { } buffer) buffer.mul_(momentum).add_(grad, 1 - options.dampening!.Value);
            else state.momentum_buffer = grad.clone().DetachFromDisposeScope();
            grad = options.nesterov!.Value ? grad.add(state.momentum_buffer!, momentum) : state.momentum_buffer!;
        }
        double rate = options.LearningRate!.Value;
        parameter.add_(grad, options.maximize!.Value ? rate : -rate);
    });

    private protected override OptimizerState NewState(Parameter parameter) => new State(parameter);

    private protected override OptimizerOptions Complete(OptimizerOptions? options)
    {
        var own = options as Options ?? new Options();
        own.LearningRate ??= _defaultOptions.LearningRate;
        own.momentum ??= _defaultOptions.momentum;
        own.dampening ??= _defaultOptions.dampening;
        own.weight_decay ??= _defaultOptions.weight_decay;
        own.nesterov ??= _defaultOptions.nesterov;
        own.maximize ??= _defaultOptions.maximize;
        return own;
    }
}
