namespace TorchSharp.Modules;

/// <summary>A module that only computes.</summary>
public abstract class ParameterLessModule<T1, TResult> : torch.nn.Module<T1, TResult>
{
    private protected ParameterLessModule(string name)
        : base(name)
    {
    }
}
