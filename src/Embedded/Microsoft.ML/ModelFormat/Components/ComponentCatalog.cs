using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The classes that models can name, by assembly: those a model names itself are registered when it is loaded.</summary>
public sealed class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), LoadableClassInfo> _classes = [];
    private readonly Dictionary<(Type Attribute, string Contract), Type> _extensions = [];

    internal ComponentCatalog()
    {
    }

    /// <summary>
    /// Makes the classes of an assembly known. With <paramref name="throwOnError"/> false one that cannot be created, or whose
    /// name is taken, is passed over.
    /// </summary>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        Contracts.CheckValue(assembly, nameof(assembly));
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName!))
                return;
            foreach (Attribute attribute in assembly.GetCustomAttributes(typeof(LoadableClassAttributeBase)))
                AddClass((LoadableClassAttributeBase)attribute, throwOnError);

            // This assembly has no extensions, and looking at all its types takes time.
            if (assembly != typeof(ComponentCatalog).Assembly)
                AddExtensions(assembly, throwOnError);
        }
    }

    /// <summary>
    /// Creates the class registered for a signature under a name, with <paramref name="extra"/> for the signature's parameters;
    /// false if there is none. <paramref name="options"/> is for classes with settings, which do not occur here.
    /// </summary>
    internal static bool TryCreateInstance<TRes, TSig>(
        IHostEnvironment env, [NotNullWhen(true)] out TRes? result, string name, string options, params object[] extra)
        where TRes : class
    {
        env.CheckParam(string.IsNullOrEmpty(options), nameof(options), $"Loadable class '{name}' doesn't support settings");
        LoadableClassInfo? info = env.ComponentCatalog.GetLoadableClassInfo<TSig>(name);
        if (info is null)
        {
            result = null;
            return false;
        }

        result = info.CreateInstance(env, extra) as TRes
            ?? throw env.Except($"Loadable class '{name}' does not derive from '{typeof(TRes).FullName}'");
        return true;
    }

    internal LoadableClassInfo? GetLoadableClassInfo<TSig>(string loadName)
    {
        lock (_lock)
            return _classes.GetValueOrDefault((Key(loadName), typeof(TSig)));
    }

    /// <summary>A new instance of the class that carries the attribute with the contract.</summary>
    internal object GetExtensionValue(IHostEnvironment env, Type attributeType, string contractName)
    {
        Type? type;
        lock (_lock)
            type = _extensions.GetValueOrDefault((attributeType, contractName));
        return type is null
            ? throw env.Except(
                $"Unable to locate an extension for the contract '{contractName}'. Ensure you have called " +
                $"{nameof(ComponentCatalog)}.{nameof(RegisterAssembly)} with the Assembly that contains a class decorated with a " +
                $"'{attributeType.FullName}'.")
            : Activator.CreateInstance(type)!;
    }

    private static string Key(string name) => name.ToLowerInvariant().Trim();

    private void AddClass(LoadableClassAttributeBase attribute, bool throwOnError)
    {
        LoadableClassInfo? info = LoadableClassInfo.CreateOrNull(attribute);
        if (info is null)
        {
            if (!throwOnError)
                return;
            throw Contracts.Except(
                $"Can't instantiate loadable class '{attribute.InstanceType.Name}' with name '{attribute.LoadNames[0]}'");
        }

        foreach (Type signature in attribute.SigTypes)
        {
            foreach (string name in attribute.LoadNames)
            {
                if (!_classes.TryAdd((Key(name), signature), info) && throwOnError)
                {
                    throw Contracts.Except(
                        $"ComponentCatalog cannot map name '{name}' and SignatureType '{signature}' to " +
                        $"{attribute.InstanceType.Name}, already mapped to another.");
                }
            }
        }
    }

    private void AddExtensions(Assembly assembly, bool throwOnError)
    {
        foreach (Type type in assembly.GetTypes().Where(t => t.IsClass))
        {
            foreach (ExtensionBaseAttribute attribute in type.GetCustomAttributes<ExtensionBaseAttribute>())
            {
                if (!_extensions.TryAdd((attribute.GetType(), attribute.ContractName), type) && throwOnError)
                {
                    throw Contracts.Except(
                        $"An extension for '{attribute.GetType().Name}' with contract '{attribute.ContractName}' has already been " +
                        $"registered in the {nameof(ComponentCatalog)}.");
                }
            }
        }
    }
}
