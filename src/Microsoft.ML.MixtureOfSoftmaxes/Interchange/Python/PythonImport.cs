using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>Reads a folder that was exported for Python back, also with weights that Python has changed.</summary>
internal static class PythonImport
{
    public static ITransformer Read(IHostEnvironment env, string directory)
    {
        Device device = ComputeDevice.Choose(HostSettings.Of(env));
        ModelConfig config = ReadFile(directory, PythonExport.ConfigFile, ModelConfig.Read);
        (Vocabulary vocabulary, ITransformer tokenizer) = ReadFile(directory, PythonExport.TokenizerFile, json => Tokenizer(config, json));
        string weights = PathOf(directory, PythonExport.WeightsFile);
        return ImportError.Naming(weights, () =>
        {
            using var file = TensorFile.Open(weights);
            LanguageModelNetwork network = NetworkWeights.Load(file, config.Shape, device, vocabulary.EndOfSentenceIndex, name => name);
            if (file.Tensors.Keys.Except(network.state_dict().Keys).FirstOrDefault() is string other)
            {
                network.Dispose();
                throw new InvalidDataException($"Tensor '{other}' is not of a network with the sizes that {PythonExport.ConfigFile} gives.");
            }

            return new TransformerChain<ITransformer>(
                tokenizer, new LanguageModelTransformer(new(config.TokensColumnName, config.Scoring, vocabulary, network), env));
        });
    }

    private static (Vocabulary Vocabulary, ITransformer Tokenizer) Tokenizer(ModelConfig config, byte[] json)
    {
        (string[] words, string? unknownWord, string[]? merges) = TokenizerJson.Read(json);
        if (words.Length != config.VocabularySize)
        {
            throw new InvalidDataException($"It has {words.Length:N0} tokens, and {PythonExport.ConfigFile} says {config.VocabularySize:N0}.");
        }

        try
        {
            TokenEncoding encoding = merges is null ? TokenEncoding.Words : TokenEncoding.BytePairs;
            var vocabulary = new Vocabulary(words, config.UnknownWord, config.EndOfSentence, encoding);
            return merges is null
                ? (vocabulary, new VocabularyTokenizingTransformer(
                    config.TokensColumnName, config.TextColumnName, new(words, unknownWord ?? config.UnknownWord, config.EndOfSentence)))
                : (vocabulary, new BytePairTokenizingTransformer(
                    config.TokensColumnName, config.TextColumnName, Pairs(merges, words)));
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new InvalidDataException(OptionRange.MessageOf(e), e);
        }
    }

    private static BytePairEncoding Pairs(string[] merges, string[] words)
    {
        var encoding = BytePairEncoding.Parse(merges);
        return words.Take(encoding.Names.Count).SequenceEqual(encoding.Names)
            ? encoding
            : throw new FormatException("Its tokens are not the bytes and then what the merges make, in this order.");
    }

    private static T ReadFile<T>(string directory, string name, Func<byte[], T> read)
    {
        string path = PathOf(directory, name);
        return ImportError.Naming(path, () => read(File.ReadAllBytes(path)));
    }

    private static string PathOf(string directory, string name)
    {
        string path = Path.Combine(directory, name);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"There is no '{name}' in '{directory}': give a folder that was exported for Python.", path);
    }
}
