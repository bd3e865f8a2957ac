using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The assemblies that models name. Those of the official library are all this one here; what is written here names the
/// official ones in turn, so that a model loads on either.
/// </summary>
internal static class LoaderAssemblies
{
    public const string Data = "Microsoft.ML.Data" + OfficialIdentity;
    public const string Transforms = "Microsoft.ML.Transforms" + OfficialIdentity;

    private const string OfficialToken = "cc7b13ffcd2ddd51";
    private const string OfficialIdentity = ", Version=1.0.0.0, Culture=neutral, PublicKeyToken=" + OfficialToken;

    /// <summary>Makes the loaders of the named assembly known, loading it if need be.</summary>
    public static void Register(IHostEnvironment env, string? fullName, string source)
    {
        if (string.IsNullOrEmpty(fullName))
            return;
        Assembly assembly;
        try
        {
            assembly = IsOfficial(fullName) ? typeof(LoaderAssemblies).Assembly : Load(fullName);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            throw env.ExceptDecode(
                $"{source} needs the assembly '{fullName}', which could not be loaded. {Remedy(fullName)}", e);
        }

        env.ComponentCatalog.RegisterAssembly(assembly);
    }

    public static string Remedy(string? fullName) => IsOfficial(fullName)
        ? "This subset of ML.NET lacks the component: load the model with the official Microsoft.ML packages."
        : "Reference the library the model was made with from the application that loads it.";

    // Without its version: the component's own version check decides, and says, whether it can read what another release wrote.
    private static Assembly Load(string fullName) => Assembly.Load(new AssemblyName(fullName) { Version = null });

    private static bool IsOfficial(string? fullName) =>
        fullName is not null && fullName.EndsWith("PublicKeyToken=" + OfficialToken, StringComparison.OrdinalIgnoreCase);
}
