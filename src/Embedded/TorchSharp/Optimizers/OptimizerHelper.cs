namespace TorchSharp.Modules;

/// <summary>What all optimizers share: groups, states, and their saving in the official package's format.</summary>
public abstract class OptimizerHelper : torch.optim.Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    public OptimizerHelper()
    {
    }

    public override void add_param_group(ParamGroup param_group)
    {
        param_group.Options = Complete(param_group.Options);
        param_group.InitialLearningRate = param_group.LearningRate;
        param_group.Parameters = [.. param_group.Parameters];
        _parameter_groups.Add(param_group);
        foreach (var parameter in param_group.Parameters)
        {
            if (!_states.TryAdd(parameter, NewState(parameter)))
                throw new ArgumentException("A parameter was given to the optimizer twice.");
            _states[parameter].Initialize(param_group.Options);
        }
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options);
            dictionary.StateIndexRef.Add([.. group.Parameters.Select((_, i) => dictionary.State.Count + i)]);
            dictionary.State.AddRange(group.Parameters.Select(parameter => _states[parameter]));
        }
        return dictionary;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        RequireSameSize(own, state_dict.Options.Count, state_dict.State.Count);
        foreach (var (mine, other) in own.Options.Zip(state_dict.Options))
            if (mine != other)
                mine.LoadStateDict(other);
        foreach (var (mine, other) in own.State.Zip(state_dict.State))
            if (mine != other)
                mine.LoadStateDict(other);
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    // Binary format: the optimizer's name, LEB128 counts of groups and of parameters, then the options of each group and the
    // state of each parameter.
    public void save_state_dict(BinaryWriter writer)
    {
        var own = state_dict();
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt64(own.Options.Count);
        writer.Write7BitEncodedInt64(own.State.Count);
        foreach (var options in own.Options) options.SaveStateDict(writer);
        foreach (var state in own.State) state.SaveStateDict(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        string name = reader.ReadString();
        if (name != GetType().Name)
            throw new InvalidDataException($"The stream holds the state of {name}, not of {GetType().Name}.");
        var own = state_dict();
        RequireSameSize(own, reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        foreach (var options in own.Options) options.LoadStateDict(reader);
        foreach (var state in own.State) state.LoadStateDict(reader);
    }

    public void to(torch.Device device)
    {
        foreach (var state in _states.Values) state.to(device);
    }

    private protected override void DisposeStates()
    {
        foreach (var state in _states.Values) (state as IDisposable)?.Dispose();
        _states.Clear();
    }

    /// <summary>Fills the gaps of a group's options from the optimizer's defaults.</summary>
    private protected abstract OptimizerOptions Complete(OptimizerOptions? options);

    private protected abstract OptimizerState NewState(Parameter parameter);

    /// <summary>Runs <paramref name="change"/> for every parameter that has a gradient, without recording.</summary>
    private protected torch.Tensor? Step<TOptions, TState>(
        Func<torch.Tensor>? closure, Action<Parameter, torch.Tensor, TOptions, TState> change)
        where TOptions : OptimizerOptions
        where TState : OptimizerState
    {
        torch.Tensor? loss = null;
        if (closure is not null)
            using (torch.enable_grad())
                loss = closure();
        using var mode = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach (var group in _parameter_groups)
            foreach (var parameter in group.Parameters)
                if (parameter.grad is { } grad)
                    change(parameter, grad, (TOptions)group.Options, (TState)_states[parameter]);
        return loss;
    }

    private static void RequireSameSize(StateDictionary own, long groups, long parameters)
    {
        if (groups != own.Options.Count || parameters != own.State.Count)
            throw new ArgumentException(
                $"The state is of {groups} groups and {parameters} parameters; this optimizer has {own.Options.Count} and {own.State.Count}.");
    }
}
