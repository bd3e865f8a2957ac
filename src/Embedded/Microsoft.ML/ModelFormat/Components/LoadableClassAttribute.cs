using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Says that a class can be created by name for a signature: by a constructor or a static method <c>Create</c> that takes the
/// signature's parameters, an <see cref="IHostEnvironment"/> before them if it likes.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute : LoadableClassAttributeBase
{
    public LoadableClassAttribute(Type instType, Type? argType, Type sigType, string userName, params string[] loadNames)
        : base(null, instType, instType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        Type instType, Type loaderType, Type? argType, Type sigType, string userName, params string[] loadNames)
        : base(null, instType, loaderType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(Type instType, Type? argType, Type[] sigTypes, string userName, params string[] loadNames)
        : base(null, instType, instType, argType, sigTypes, userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        Type instType, Type loaderType, Type? argType, Type[] sigTypes, string userName, params string[] loadNames)
        : base(null, instType, loaderType, argType, sigTypes, userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        string? summary, Type instType, Type? argType, Type sigType, string userName, params string[] loadNames)
        : base(summary, instType, instType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        string? summary, Type instType, Type loaderType, Type? argType, Type sigType, string userName, params string[] loadNames)
        : base(summary, instType, loaderType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        string? summary, Type instType, Type? argType, Type[] sigTypes, string userName, params string[] loadNames)
        : base(summary, instType, instType, argType, sigTypes, userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        string? summary, Type instType, Type loaderType, Type? argType, Type[] sigTypes, string userName, params string[] loadNames)
        : base(summary, instType, loaderType, argType, sigTypes, userName, loadNames)
    {
    }
}

internal abstract class LoadableClassAttributeBase : Attribute
{
    protected LoadableClassAttributeBase(
        string? summary, Type instType, Type loaderType, Type? argType, Type[] sigTypes, string userName, params string[] loadNames)
    {
        Contracts.CheckValue(instType, nameof(instType));
        Contracts.CheckValue(loaderType, nameof(loaderType));
        Contracts.CheckParam(sigTypes is { Length: > 0 }, nameof(sigTypes), "A loadable class needs a signature");
        Summary = summary;
        InstanceType = instType;
        LoaderType = loaderType;
        ArgType = argType;
        SigTypes = sigTypes;
        UserName = userName;
        LoadNames = loadNames is { Length: > 0 } ? loadNames : [userName];
        Contracts.CheckParam(
            !LoadNames.Any(string.IsNullOrWhiteSpace), nameof(loadNames), "LoadableClass loadName parameter can't be empty");

        Type[][] parameters = [.. sigTypes.Select(ParametersOf)];
        Contracts.CheckParam(
            parameters.All(p => p.SequenceEqual(parameters[0])), nameof(sigTypes),
            "LoadableClass signatures must have the same set of parameters");
        CtorTypes = argType is null ? parameters[0] : [argType, .. parameters[0]];
    }

    public Type InstanceType { get; }

    public Type LoaderType { get; }

    public Type? ArgType { get; }

    public Type[] SigTypes { get; }

    /// <summary>The parameters that what creates the instance takes after the environment.</summary>
    public Type[] CtorTypes { get; }

    public string? Summary { get; }

    public string UserName { get; }

    public string[] LoadNames { get; }

    public string? DocName { get; set; }

    private static Type[] ParametersOf(Type signature)
    {
        Contracts.CheckParam(
            signature?.BaseType == typeof(MulticastDelegate) && signature.GetMethod("Invoke")!.ReturnType == typeof(void),
            "sigTypes", "LoadableClass signature type must be a delegate type with void return");
        return [.. signature.GetMethod("Invoke")!.GetParameters().Select(p => p.ParameterType)];
    }
}
