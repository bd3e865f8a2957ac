using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

// A model file names the loader and the assembly that holds it; ML.NET finds these attributes there by itself,
// so that plain mlContext.Model.Load gives back our types without any registration.
[assembly: LoadableClass(
    typeof(ITransformer), typeof(LoadableComponents.VocabularyTokenizer), null, typeof(SignatureLoadModel),
    "Word vocabulary tokenizer", LoadableComponents.VocabularyTokenizer.Signature)]
[assembly: LoadableClass(
    typeof(ITransformer), typeof(LoadableComponents.BytePairTokenizer), null, typeof(SignatureLoadModel),
    "Byte-pair tokenizer", LoadableComponents.BytePairTokenizer.Signature)]
[assembly: LoadableClass(
    typeof(ITransformer), typeof(LoadableComponents.LanguageModel), null, typeof(SignatureLoadModel),
    "Mixture-of-softmaxes language model", LoadableComponents.LanguageModel.Signature)]

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>The components that can be saved: their identities, and the <c>Create</c> methods ML.NET looks for.</summary>
internal static class LoadableComponents
{
    internal static class VocabularyTokenizer
    {
        public const string Signature = "MosVocabularyTokenizer";

        public static ComponentIdentity Identity { get; } = new("MOSVOCAB", Signature, 0x00010001, 0x00010001);

        private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
            VocabularyTokenizingTransformer.Load(new ComponentReader(ctx, Identity));
    }

    internal static class BytePairTokenizer
    {
        public const string Signature = "MosBytePairTokenizer";

        public static ComponentIdentity Identity { get; } = new("MOSBPAIR", Signature, 0x00010001, 0x00010001);

        private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
            BytePairTokenizingTransformer.Load(new ComponentReader(ctx, Identity));
    }

    internal static class LanguageModel
    {
        public const string Signature = "MosLanguageModel";

        public static ComponentIdentity Identity { get; } = new("MOSLANGM", Signature, 0x00010001, 0x00010001);

        private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
            LanguageModelTransformer.Load(env, new ComponentReader(ctx, Identity));
    }
}
