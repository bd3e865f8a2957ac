using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>Makes an ordinary model of a published network's state dict and the list of its words.</summary>
internal static class StateDictImport
{
    public static ITransformer Read(IHostEnvironment env, string path, string vocabularyPath, StateDictImportOptions options)
    {
        options.Validate();
        Device device = ComputeDevice.Choose(HostSettings.Of(env));
        Vocabulary vocabulary = ReadVocabulary(vocabularyPath, options);
        return ImportError.Naming(path, () =>
        {
            using var file = TensorFile.Open(path);
            var layout = new StateDictLayout(file.Tensors);
            if (layout.Shape.VocabularySize != vocabulary.Count)
            {
                throw new InvalidDataException(
                    $"'encoder.weight' has {layout.Shape.VocabularySize:N0} rows, and '{vocabularyPath}' {vocabulary.Count:N0} words: give the " +
                    "words of the very corpus that it was trained on, in the order of their ids.");
            }

            LanguageModelNetwork network = NetworkWeights.Load(file, layout.Shape, device, vocabulary.EndOfSentenceIndex, layout.NameOf);
            try
            {
                if (layout.HasDecoder)
                {
                    CheckTied(file, network);
                }
            }
            catch
            {
                network.Dispose();
                throw;
            }

            return new TransformerChain<ITransformer>(
                new VocabularyTokenizingTransformer(options.TokensColumnName, options.TextColumnName, vocabulary),
                new LanguageModelTransformer(new(options.TokensColumnName, new ScoringOptions(), vocabulary, network), env));
        });
    }

    private static void CheckTied(TensorFile file, LanguageModelNetwork network)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        StoredTensor decoder = file.Tensors["decoder.weight"];
        if (!decoder.Shape.AsSpan().SequenceEqual(network.Embedding.shape)
            || !decoder.Read().to(ScalarType.Float32).eq(network.Embedding.cpu()).all().item<bool>())
        {
            throw new InvalidDataException(
                $"'decoder.weight', of shape {StoredTensor.Show(decoder.Shape)}, is not 'encoder.weight', of shape " +
                $"{StoredTensor.Show(network.Embedding.shape)}: the network was trained without tying them, and this library's decoder is the " +
                "embedding.");
        }
    }

    private static Vocabulary ReadVocabulary(string path, StateDictImportOptions options)
    {
        string[] words = [.. new TextLines([path]).Select(line => line.Text)];
        int wrong = Array.FindIndex(words, word => word.Length == 0 || word.Any(char.IsWhiteSpace));
        if (wrong >= 0)
        {
            throw new InvalidDataException(
                $"Line {wrong + 1} of '{path}', '{words[wrong]}', is no word: a vocabulary has a word a line, without white space, in the order " +
                "of their ids.");
        }

        try
        {
            return new(words, options.UnknownWord, options.EndOfSentence);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"'{path}' is no vocabulary of this network: {e.Message} Which words are the marks is an option.", e);
        }
    }
}
