namespace TorchSharp.Modules;

/// <summary>Averaged stochastic gradient descent: `ax` of a parameter's state is its running mean from step t0 on.</summary>
public partial class ASGD : OptimizerHelper
{
    private readonly Options _defaultOptions;

    public ASGD(
        IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000,
        double weight_decay = 0, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, lambd, alpha, t0, weight_decay, maximize)
    {
    }

    public ASGD(
        IEnumerable<ParamGroup<Options>> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75,
        double t0 = 1000000,
        double weight_decay = 0, bool maximize = false)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        _defaultOptions = new Options
        {
            LearningRate = lr,
            lambd = lambd,
            alpha = alpha,
            t0 = t0,
            weight_decay = weight_decay,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public override torch.Tensor? step(Func<torch.Tensor>? closure = null) =>
        Step<Options, State>(closure, (parameter, grad, options, state) =>
    {
        if (options.maximize!.Value) grad = grad.neg();
        if (options.weight_decay != 0) grad = grad.add(parameter, options.weight_decay!.Value);
        state.step++;
        parameter.mul_(1 - (options.lambd!.Value * state.eta)).add_(grad, -state.eta);
        if (state.mu == 1) state.ax.copy_(parameter);
        else state.ax.add_(parameter.sub(state.ax), state.mu);
        double rate = options.LearningRate!.Value;
        state.eta = rate / Math.Pow(1 + (options.lambd!.Value * rate * state.step), options.alpha!.Value);
        state.mu = 1 / Math.Max(1, state.step - options.t0!.Value);
    });

    private protected override OptimizerState NewState(Parameter parameter) => new State(parameter);

    private protected override OptimizerOptions Complete(OptimizerOptions? options)
    {
        var own = options as Options ?? new Options();
        own.LearningRate ??= _defaultOptions.LearningRate;
        own.lambd ??= _defaultOptions.lambd;
        own.alpha ??= _defaultOptions.alpha;
        own.t0 ??= _defaultOptions.t0;
        own.weight_decay ??= _defaultOptions.weight_decay;
        own.maximize ??= _defaultOptions.maximize;
        return own;
    }
}
