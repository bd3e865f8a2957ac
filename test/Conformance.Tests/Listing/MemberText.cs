using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Conformance.Tests.Listing;

/// <summary>Members as the official listings write them: modifiers, type, name, parameters with their defaults.</summary>
internal static class MemberText
{
    public static string OfType(Type type)
    {
        string kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        bool plain = type.BaseType is null || type.BaseType == typeof(object) || type.IsValueType;
        string parent = plain ? "" : $" : {TypeText.Of(type.BaseType!)}";
        return $"TYPE {kind}{parent} [{type.Namespace}]";
    }

    public static string OfEnumValues(Type type) => "values " + string.Join(", ", type
        .GetEnumNames()
        .Select(name => $"{name}={type.GetField(name)!.GetRawConstantValue()}"));

    public static string Of(ConstructorInfo constructor) =>
        $"{Access.Of(constructor)}ctor({Parameters(constructor.GetParameters())})";

    public static string Of(MethodInfo method)
    {
        string generics = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeText.Of))}>"
            : "";
        string extension = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "";
        string obsolete = method.IsDefined(typeof(ObsoleteAttribute), inherit: false) ? " [Obsolete]" : "";
        return $"{Modifiers(method)}{TypeText.Of(method.ReturnType)} {method.Name}{generics}"
            + $"({extension}{Parameters(method.GetParameters())}){obsolete}";
    }

    public static string Of(PropertyInfo property, Func<MemberInfo, bool> isListed)
    {
        MethodInfo[] accessors = [.. property.GetAccessors(nonPublic: true).Where(accessor => isListed(accessor))];
        ParameterInfo[] index = property.GetIndexParameters();
        string parameters = index.Length == 0 ? "" : $"[{Parameters(index)}]";
        string get = accessors.Contains(property.GetMethod) ? "get; " : "";
        string set = accessors.Contains(property.SetMethod) ? "set; " : "";
        return $"{Modifiers(accessors[0])}{TypeText.Of(property.PropertyType)} {property.Name}{parameters} {{ {get}{set}}}";
    }

    public static string Of(EventInfo @event) =>
        $"{Modifiers(@event.AddMethod!)}event {TypeText.Of(@event.EventHandlerType!)} {@event.Name}";

    public static string Of(FieldInfo field)
    {
        string kind = field switch
        {
            { IsLiteral: true } => "const ",
            { IsStatic: true, IsInitOnly: true } => "static readonly ",
            { IsStatic: true } => "static ",
            { IsInitOnly: true } => "readonly ",
            _ => "",
        };
        return $"{Access.Of(field)}{kind}{TypeText.Of(field.FieldType)} {field.Name}";
    }

    private static string Modifiers(MethodInfo method)
    {
        bool overrides = (method.Attributes & MethodAttributes.NewSlot) == 0;
        string kind = method switch
        {
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: false } or { IsFinal: true } => "",
            _ => overrides ? "override " : "virtual ",
        };
        return Access.Of(method) + kind;
    }

    private static string Parameters(IEnumerable<ParameterInfo> parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string passing = parameter switch
        {
            { ParameterType.IsByRef: true, IsOut: true } => "out ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute), inherit: false) => "params ",
            _ => "",
        };
        string value = parameter.HasDefaultValue ? $" = {Default(parameter)}" : "";
        return $"{passing}{TypeText.Of(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Default(ParameterInfo parameter)
    {
        object? value = parameter.RawDefaultValue;
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return value switch
        {
            null when parameter.ParameterType.IsValueType && type == parameter.ParameterType => "default",
            null => "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            _ when type.IsEnum => Enum.ToObject(type, value).ToString()!,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }
}
