namespace TorchSharp.Modules;

/// <summary>Adam: steps by the running means of the gradient and of its square.</summary>
public partial class Adam : OptimizerHelper, torch.optim.IBetas
{
    private readonly Options _defaultOptions;

    public Adam(
        IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
        double weight_decay = 0,
        bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public Adam(
        IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
        double weight_decay = 0,
        bool amsgrad = false, bool maximize = false)
    {
        AdamMath.Check(lr, beta1, beta2, eps, weight_decay);
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
        if (options.weight_decay != 0) grad = grad.add(parameter, options.weight_decay!.Value);
        AdamMath.Step(
            parameter, grad, ++state.step, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq,
            options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value, options.eps!.Value);
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
