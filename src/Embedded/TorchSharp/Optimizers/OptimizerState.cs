namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void Initialize(OptimizerOptions options);

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(torch.Device device)
    {
    }

    protected static void SaveConditionalStateTensor(BinaryWriter writer, torch.Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    protected static void LoadConditionalStateTensor(BinaryReader reader, ref torch.Tensor? result, torch.Device device) =>
        Replace(ref result, reader.ReadBoolean() ? TensorExtensionMethods.Load(reader).to(device, disposeAfter: true) : null);

    /// <summary>Zeros like the parameter, held by no dispose scope.</summary>
    private protected torch.Tensor Zeros() => torch.zeros_like(_parameter).DetachFromDisposeScope();

    private protected torch.Tensor? Copy(torch.Tensor? source) => source?.to(_parameter.device, copy: true);

    private protected static void Replace(ref torch.Tensor? place, torch.Tensor? value)
    {
        if (ReferenceEquals(place, value)) return;
        place?.Dispose();
        place = value?.DetachFromDisposeScope();
    }

    private protected static bool Same(torch.Tensor? left, torch.Tensor? right) =>
        left is null ? right is null : right is not null && left.allclose(right);
}
