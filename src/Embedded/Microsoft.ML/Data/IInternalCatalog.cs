using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What extension methods of a catalog need: the environment it works in.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}

internal static class CatalogUtils
{
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        return catalog.Environment;
    }
}
