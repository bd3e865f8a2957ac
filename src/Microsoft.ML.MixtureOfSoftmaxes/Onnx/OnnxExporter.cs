using System.Text.Json;
using global::Onnx;
using Google.Protobuf;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>Writes a language model as a model of ONNX: the graph of its network, and in the metadata all else that it is.</summary>
internal static class OnnxExporter
{
    public const int FormatVersion = 1;

    // What is needed has been there since opset 16; runtimes of the last years read 17.
    private const int Opset = 17;
    private const int IrVersion = 8;

    // Protocol buffers end at 2 GB; some of it for the graph and the metadata.
    private const long LargestWeights = 2_000_000_000;

    public static void Export(ITransformer model, string path, OnnxExportOptions options)
    {
        options.Validate();
        LanguageModelTransformer found = ModelChain.Find(model);
        if (found.DynamicEvaluation is not null)
        {
            throw new ArgumentException(
                "The model adapts to what it reads (dynamic evaluation), and a graph of ONNX stays as it is: export the model as it was before " +
                "AdaptDynamically.");
        }

        CheckSize(found, options.Weights);
        AtomicFile.Prepare(path);
        ModelProto proto = Build(found, options);
        AddMetadata(proto, OnnxNames.FormatVersion, $"{FormatVersion}");
        AddMetadata(proto, OnnxNames.Settings, JsonSerializer.Serialize(found.Settings, ComponentJson.Options));
        AddMetadata(proto, OnnxNames.Vocabulary, JsonSerializer.Serialize(found.Words, ComponentJson.Options));
        ITextTokenizer? maker = ModelChain.FindTokenizerOf(model, ((IScoringTransformer)found).Model);
        if (OnnxTokenizer.Of(maker) is OnnxTokenizer tokenizer)
        {
            AddMetadata(proto, OnnxNames.Tokenizer, JsonSerializer.Serialize(tokenizer, ComponentJson.Options));
        }

        if (options.License is not null)
        {
            AddMetadata(proto, OnnxNames.License, options.License);
        }

        AtomicFile.Write(path, proto.WriteTo);
    }

    private static ModelProto Build(LanguageModelTransformer model, OnnxExportOptions options)
    {
        LanguageModelNetwork network = model.Network;
        using TextStates start = TextStates.Start(network, model.Vocabulary.EndOfSentenceIndex);
        using LanguageModelNetwork.Turn turn = network.TakeTurn();
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        var proto = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = typeof(OnnxExporter).Assembly.GetName().Name!,
            ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version!.ToString(3),
            Graph = OnnxNetwork.Build(network, start.State, options.Weights, options.IncludeNextWords),
        };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        return proto;
    }

    private static void CheckSize(LanguageModelTransformer model, OnnxWeights weights)
    {
        long bytes = model.ParameterCount * (weights == OnnxWeights.EightBit ? sizeof(byte) : sizeof(float));
        if (bytes > LargestWeights)
        {
            throw new ArgumentException(
                $"The model has {model.ParameterCount:N0} parameters, {bytes / 1e9:F1} GB, and one file of ONNX holds 2 GB: export it with 8-bit " +
                "weights, or train a smaller one.");
        }
    }

    private static void AddMetadata(ModelProto proto, string key, string value) =>
        proto.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
}
