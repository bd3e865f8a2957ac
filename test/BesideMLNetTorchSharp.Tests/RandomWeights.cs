using System.Reflection;
using Microsoft.ML.Tokenizers;
using Microsoft.ML.TorchSharp;
using TorchSharp;

namespace BesideMLNetTorchSharp.Tests;

/// <summary>
/// What stands in for the pre-trained weights that ML.NET's text classifier downloads when it is fitted: those of its own encoder
/// before any training. The encoder is internal to its assembly.
/// </summary>
internal static class RandomWeights
{
    private static readonly Assembly s_assembly = typeof(TorchSharpCatalog).Assembly;

    public static void Save(string path, int classes)
    {
        Stream Resource(string name) => s_assembly.GetManifestResourceStream(name)!;
        var tokenizer = EnglishRobertaTokenizer.Create(
            Resource("encoder.json"), Resource("vocab.bpe"), Resource("dict.txt"), RobertaPreTokenizer.Instance);
        tokenizer.AddMaskSymbol();

        object options = New("Microsoft.ML.TorchSharp.NasBert.NasBertTrainer+NasBertOptions");
        using var model = (torch.nn.Module)New(
            "Microsoft.ML.TorchSharp.NasBert.Models.ModelForPrediction",
            options, tokenizer.PadIndex, tokenizer.SymbolsCount, classes);
        var encoder = (torch.nn.Module)model.GetType().GetMethod("GetEncoder")!.Invoke(model, null)!;

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        encoder.save(path);
    }

    private static object New(string type, params object[] arguments) =>
        Activator.CreateInstance(s_assembly.GetType(type, throwOnError: true)!, BindingFlags.Instance | BindingFlags.Public |
            BindingFlags.NonPublic, null, arguments, null)!;
}
