namespace TorchSharp.Modules;

/// <summary>Adam with weight decay of its own, apart from the gradient.</summary>
public partial class AdamW : OptimizerHelper, torch.optim.IBetas
{
    private readonly Options _defaultOptions;

    public AdamW(
        IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
        double weight_decay = 0,
        bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public AdamW(
        IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
        double weight_decay = 0,
        bool amsgrad = false, bool maximize = false)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta1, not in [0, 1): {beta1}");
        if (beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta2, not in [0, 1): {beta2}");
        if (eps < 0) throw new ArgumentException($"Invalid epsilon: {eps}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight decay: {weight_decay}");
        _defaultOptions = new Options
        {
            LearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public (double, double) Betas
    {
        get => (_defaultOptions.beta1!.Value, _defaultOptions.beta2!.Value);
        set => (_defaultOptions.beta1, _defaultOptions.beta2) = value;
    }

    public override torch.Tensor? step(Func<torch.Tensor>? closure = null) =>
        Step<Options, State>(closure, (parameter, grad, options, state) =>
    {
        if (options.maximize!.Value) grad = grad.neg();
        if (options.weight_decay != 0) parameter.mul_(1 - (options.LearningRate!.Value * options.weight_decay!.Value));
        state.step++;
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        state.exp_avg.mul_(beta1).add_(grad, 1 - beta1);
        state.exp_avg_sq.mul_(beta2).addcmul_(grad, grad, 1 - beta2);
        var square = state.exp_avg_sq;
        if (state.max_exp_avg_sq is { } largest) square = largest.copy_(largest.maximum(square));
        double correction = Math.Sqrt(1 - Math.Pow(beta2, state.step));
        var divisor = square.sqrt().div_(correction).add_(options.eps!.Value);
        parameter.addcdiv_(state.exp_avg, divisor, -options.LearningRate!.Value / (1 - Math.Pow(beta1, state.step)));
    });

    private protected override OptimizerState NewState(Parameter parameter) => new State(parameter);

    private protected override OptimizerOptions Complete(OptimizerOptions? options)
    {
        var own = options as Options ?? new Options();
        own.LearningRate ??= _defaultOptions.LearningRate;
        own.beta1 ??= _defaultOptions.beta1;
        own.beta2 ??= _defaultOptions.beta2;
        own.eps ??= _defaultOptions.eps;
        own.weight_decay ??= _defaultOptions.weight_decay;
        own.amsgrad ??= _defaultOptions.amsgrad;
        own.maximize ??= _defaultOptions.maximize;
        return own;
    }
}
