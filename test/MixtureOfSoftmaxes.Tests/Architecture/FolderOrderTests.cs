using System.Reflection;
using System.Reflection.Emit;
using Microsoft.ML.MixtureOfSoftmaxes.Analysis;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Architecture;

/// <summary>Data flows one way, and a folder knows only those before it.</summary>
[TestClass]
public sealed class FolderOrderTests
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>Each folder, subfolders included, after all that it may use.</summary>
    private static readonly string[] s_order =
    [
        "", "Interop", "Persistence", "Columns",
        "Tokenization/Tokens", "Tokenization/BytePairs", "Tokenization/Words", "Tokenization/Pretrained", "Tokenization/Streams",
        "Kernels", "Kernels/Cpu/Tensors", "Kernels/Cpu/Threads", "Kernels/Cpu/Simd", "Kernels/Cpu/Masks", "Kernels/Cpu/Recurrent",
        "Kernels/Cpu/Mixtures",
        "Modeling/Shape", "Modeling/Mixtures", "Modeling/Encoder", "Modeling/Heads", "Modeling",
        "Scoring/Options", "Scoring/Sequences", "Scoring/Adaptation", "Scoring/Model", "Scoring/Progress", "Scoring/Reading",
        "Scoring/Columns", "Scoring",
        "WordScoring", "Generation",
        "Training/Progress", "Training/Options", "Training/Data", "Training/Schedule", "Training/Weights", "Training/Steps",
        "Training/Checkpoints", "Training",
        "Evaluation",
        "Analysis/Contexts", "Analysis/Rank", "Analysis/Comparison", "Analysis/Truth",
        "Catalog",
    ];

    private static readonly Assembly s_library = typeof(LanguageModelTransformer).Assembly;

    private static readonly SourceFolders s_folders = new(s_library);

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    [TestMethod]
    public void No_type_uses_one_of_a_later_folder()
    {
        string[] breaches =
        [
            .. from type in s_library.GetTypes()
               where s_folders.Of(type) is not null
               from used in TypesUsedBy(type).Distinct()
               where used.Assembly == s_library && s_folders.Of(used) is not null && Rank(used) > Rank(type)
               select $"{s_folders.Of(type)}: {type.Name} uses {s_folders.Of(used)}: {used.Name}",
        ];
        Assert.IsEmpty(breaches, string.Join(Environment.NewLine, breaches.Distinct()));
    }

    [TestMethod]
    public void Every_folder_has_a_place_in_the_order() => Assert.AreSequenceEqual(
        s_order.Order(StringComparer.Ordinal),
        s_library.GetTypes().Select(s_folders.Of).OfType<string>().Distinct().Order(StringComparer.Ordinal));

    [TestMethod]
    public void What_users_touch_is_in_one_namespace() => Assert.AreSequenceEqual(
        ["Microsoft.ML", "Microsoft.ML.MixtureOfSoftmaxes"],
        s_library.GetExportedTypes().Select(type => type.Namespace!).Distinct().Order(StringComparer.Ordinal));

    [TestMethod]
    public void The_scan_sees_what_method_bodies_use()
    {
        // Made in a method body, and stored nowhere.
        Type[] used = [.. TypesUsedBy(typeof(LanguageModelingCatalog))];
        Assert.Contains(typeof(RankAnalyzer), used);
        Assert.AreEqual("Analysis/Rank", s_folders.Of(typeof(RankAnalyzer)));
        Assert.AreEqual("Training/Options", s_folders.Of(typeof(LearningRateSchedule)), "a type without code");
    }

    private static int Rank(Type type) => Array.IndexOf(s_order, s_folders.Of(type));

    private static IEnumerable<Type> TypesUsedBy(Type type)
    {
        IEnumerable<Type> declared =
        [
            .. type.BaseType is null ? [] : new[] { type.BaseType },
            .. type.GetInterfaces(),
            .. type.GetFields(All).Select(field => field.FieldType),
        ];
        return declared.Concat(type.GetMembers(All).OfType<MethodBase>().SelectMany(TypesUsedBy)).SelectMany(Unwrap);
    }

    private static IEnumerable<Type> TypesUsedBy(MethodBase method)
    {
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            yield return parameter.ParameterType;
        }

        if (method is MethodInfo { ReturnType: var result })
        {
            yield return result;
        }

        if (method.GetMethodBody() is not { } body)
        {
            yield break;
        }

        foreach (LocalVariableInfo local in body.LocalVariables)
        {
            yield return local.LocalType;
        }

        foreach (int token in Tokens(body.GetILAsByteArray()!))
        {
            MemberInfo? member = method.Module.ResolveMember(
                token, method.DeclaringType!.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null);
            yield return member as Type ?? member!.DeclaringType!;
        }
    }

    /// <summary>The metadata tokens in a method's instructions.</summary>
    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (int i = 0; i < il.Length;)
        {
            OpCode code = il[i] == 0xfe ? s_opCodes[(short)(0xfe00 | il[i + 1])] : s_opCodes[il[i]];
            i += code.Size;
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return BitConverter.ToInt32(il, i);
            }

            i += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, i)),
                _ => 4,
            };
        }
    }

    /// <summary>A type, what it is an array or reference of, and its type arguments.</summary>
    private static IEnumerable<Type> Unwrap(Type type) =>
    [
        type,
        .. type.HasElementType ? Unwrap(type.GetElementType()!) : [],
        .. type.IsGenericType ? type.GetGenericArguments().SelectMany(Unwrap) : [],
    ];
}
