namespace Conformance.Tests.Listing;

/// <summary>Names of types as the official listings write them: C# keywords, no namespaces, nested types dotted.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(sbyte)] = "sbyte",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    // TorchSharp nests nearly everything in the class torch; the listing drops the prefix of the most frequent four.
    private static readonly string[] s_withoutTorchPrefix = ["torch.Tensor", "torch.Device", "torch.Generator", "torch.ScalarType"];

    public static IEnumerable<string> ValueTypeKeywords =>
        s_keywords.Where(pair => pair.Key.IsValueType).Select(pair => pair.Value);

    public static string Of(Type type)
    {
        if (s_keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        if (type.IsByRef)
        {
            return Of(type.GetElementType()!);
        }

        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) + "*";
        }

        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying) + "?";
        }

        // A tuple of generic parameters has no full name, and the listings leave it as it is.
        return type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true && !type.IsGenericTypeDefinition
            ? $"({Join(type.GetGenericArguments())})"
            : Declared(type);
    }

    private static string Declared(Type type)
    {
        // A nested type repeats the parameters of the types around it; each level shows those it adds.
        List<Type> levels = [type];
        while (levels[0].DeclaringType is { } outer)
        {
            levels.Insert(0, outer);
        }

        Type[] arguments = type.GetGenericArguments();
        int used = 0;
        string name = string.Join('.', levels.Select(level =>
        {
            Type[] own = arguments[used..level.GetGenericArguments().Length];
            used += own.Length;
            return level.Name.Split('`')[0] + (own.Length == 0 ? "" : $"<{Join(own)}>");
        }));
        return s_withoutTorchPrefix.FirstOrDefault(prefix => name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal)) is null
            ? name
            : name["torch.".Length..];
    }

    private static string Join(IEnumerable<Type> types) => string.Join(", ", types.Select(Of));
}
