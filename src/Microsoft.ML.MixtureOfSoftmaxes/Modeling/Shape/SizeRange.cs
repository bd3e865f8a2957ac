using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>The ranges of a network's sizes, for the trainer's options and for what a file says.</summary>
internal static class SizeRange
{
    /// <summary>Of a vocabulary.</summary>
    public const int MostPartitions = 1_000;

    private const int Largest = 1 << 20;

    /// <summary>Of embeddings, of gates, or of hidden states.</summary>
    public static void Size(long? value, [CallerArgumentExpression(nameof(value))] string name = "") => OptionRange.Range(value, 1, Largest, name);

    public static void Layers(long value, [CallerArgumentExpression(nameof(value))] string name = "") => OptionRange.Range(value, 1, 16, name);

    public static void Experts(int value, LanguageModelHead head, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        OptionRange.Range(value, 1, 1_000, name);
        if (head == LanguageModelHead.Mixtape && (value == 1 || !int.IsPow2(value)))
        {
            throw OptionRange.Wrong(name, value, "a power of two from 2 for Mixtape (its paper has 4)");
        }
    }
}
