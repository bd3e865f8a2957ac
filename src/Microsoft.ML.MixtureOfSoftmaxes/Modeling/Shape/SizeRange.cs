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

    /// <summary>Experts of the layers below the last, which keeps one at least; null stands for what the trainer chooses.</summary>
    public static void LowerExperts(
        int? value, int lowerLayers, int experts, int layers, [CallerArgumentExpression(nameof(value))] string name = "",
        [CallerArgumentExpression(nameof(lowerLayers))] string layersName = "", [CallerArgumentExpression(nameof(experts))] string expertsName = "",
        [CallerArgumentExpression(nameof(layers))] string countName = "")
    {
        const string OfDoc = "for DirectOutputConnection, which makes experts of the layers below the last as well";
        if (layers < 2)
        {
            throw OptionRange.Wrong(countName, layers, $"at least 2 {OfDoc}");
        }

        OptionRange.Range(lowerLayers, 1, layers - 1, layersName);
        if (experts <= lowerLayers)
        {
            throw OptionRange.Wrong(expertsName, experts, $"at least {lowerLayers + 1} {OfDoc}: {lowerLayers} of them");
        }

        OptionRange.Range(value, 1, (experts - 1) / lowerLayers, name);
    }

    public static void Experts(int value, LanguageModelHead head, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        OptionRange.Range(value, 1, 1_000, name);
        if (head == LanguageModelHead.Mixtape && (value == 1 || !int.IsPow2(value)))
        {
            throw OptionRange.Wrong(name, value, "a power of two from 2 for Mixtape (its paper has 4)");
        }
    }
}
