using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Options;

/// <summary>Makes options whose value is one word: a number, a string, a time or a member of an enumeration.</summary>
internal static class ScalarValue
{
    /// <summary>Whether one word can be a value of the type.</summary>
    public static bool CanBe(Type type) =>
        Underlying(type) is var t && (t.IsEnum || t.IsPrimitive || t == typeof(string) || t == typeof(TimeSpan));

    /// <summary>An option for a property of the type.</summary>
    public static Option<object> CreateOption(Type type, string name, params string[] aliases) => new(name, aliases)
    {
        Arity = Underlying(type) == typeof(bool) ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        HelpName = Describe(Underlying(type)),
        CustomParser = argument => Parse(Underlying(type), argument),
    };

    /// <summary>The integer that an argument is; after an error 0.</summary>
    public static int Integer(ArgumentResult argument) => Parse(typeof(int), argument) as int? ?? 0;

    /// <summary>An option whose values are integers.</summary>
    public static Option<int[]> CreateIntegers(string name, string description) => new(name)
    {
        Description = description,
        HelpName = Describe(typeof(int)),
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = argument => [.. argument.Tokens.Select(token => Parse(typeof(int), argument, token.Value) as int? ?? 0)],
    };

    /// <summary>An option whose value is one of a few words.</summary>
    public static Option<string> CreateChoice(string name, string defaultValue, params IEnumerable<string> words)
    {
        Option<string?> option = CreateOptionalChoice(name, words);
        option.DefaultValueFactory = _ => defaultValue;
        return option!;
    }

    /// <summary>The same without a default.</summary>
    public static Option<string?> CreateOptionalChoice(string name, params IEnumerable<string> words)
    {
        string choices = string.Join('|', words);
        return new(name)
        {
            HelpName = choices,
            CustomParser = argument => words.Contains(argument.Tokens[0].Value)
                ? argument.Tokens[0].Value
                : Reject(argument, argument.Tokens[0].Value, "one of " + choices),
        };
    }

    private static Type Underlying(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static string Describe(Type type) =>
        type.IsEnum ? string.Join('|', Enum.GetNames(type).Select(Names.Short).Order())
        : type == typeof(string) ? "word"
        : type == typeof(bool) ? "true|false"
        : type == typeof(TimeSpan) ? "hh:mm:ss|90s|15m|2h"
        : type == typeof(double) ? "number"
        : "integer";

    private static object Parse(Type type, ArgumentResult argument) => argument.Tokens.Count == 0
        ? true // A switch without a value.
        : Parse(type, argument, argument.Tokens[0].Value);

    private static object Parse(Type type, ArgumentResult argument, string text)
    {
        try
        {
            return type.IsEnum
                ? Enum.Parse(type, Enum.GetNames(type).First(n => text == Names.Short(n) || text == Names.Kebab(n)))
                : OptionText.Parse(text, type);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException)
        {
            return Reject(argument, text, type.IsEnum ? "one of " + Describe(type) : OptionText.Form(type));
        }
    }

    private static string Reject(ArgumentResult argument, string text, string expected)
    {
        argument.AddError($"{((OptionResult)argument.Parent!).Option.Name} is '{text}'; it must be {expected}.");
        return text;
    }
}
