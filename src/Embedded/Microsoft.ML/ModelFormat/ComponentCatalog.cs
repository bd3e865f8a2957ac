namespace Microsoft.ML.Runtime;

/// <summary>The classes that models can name.</summary>
public sealed class ComponentCatalog
{
    internal ComponentCatalog()
    {
    }
}
