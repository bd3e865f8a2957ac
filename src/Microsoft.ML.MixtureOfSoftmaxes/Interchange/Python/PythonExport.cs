using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>Writes a model as a folder in Hugging Face's layout, with a Python module that reads it.</summary>
internal static class PythonExport
{
    public const string ConfigFile = "config.json";
    public const string WeightsFile = "model.safetensors";
    public const string TokenizerFile = "tokenizer.json";
    public const string TokenizerConfigFile = "tokenizer_config.json";
    public const string CardFile = "README.md";
    public const string ModuleFile = "mixture_of_softmaxes.py";

    private static readonly string[] s_files = [ConfigFile, WeightsFile, TokenizerFile, TokenizerConfigFile, CardFile, ModuleFile];

    public static void Write(ITransformer model, string directory, PythonExportOptions options)
    {
        var exported = ExportedModel.Find(model);
        AtomicFolder.Write(directory, CheckOlder, new Dictionary<string, Action<Stream>>
        {
            [ConfigFile] = stream => stream.Write(ModelConfig.Of(exported.Model, exported.TextColumnName).ToJson()),
            [TokenizerFile] = stream => stream.Write(TokenizerJson.Write(exported.Model.Vocabulary, exported.UnknownWord, exported.Merges)),
            [TokenizerConfigFile] = stream => stream.Write(TokenizerJson.WriteConfig(exported.Model.Vocabulary)),
            [CardFile] = stream => stream.Write(Encoding.UTF8.GetBytes(ModelCard.Write(exported.Model, options))),
            [ModuleFile] = CopyModule,
            [WeightsFile] = stream =>
            {
                using LanguageModelNetwork.Turn turn = exported.Model.Network.TakeTurn();
                using DisposeScope scope = torch.NewDisposeScope();
                Safetensors.Write(stream, exported.Model.Network.state_dict());
            },
        });
    }

    private static void CopyModule(Stream stream)
    {
        using Stream resource = typeof(PythonExport).Assembly.GetManifestResourceStream(ModuleFile)!;
        resource.CopyTo(stream);
    }

    // What is replaced is an earlier export and nothing else, such as the folder of a repository that was put around one.
    private static void CheckOlder(string folder)
    {
        string config = Path.Combine(folder, ConfigFile);
        string[] entries = [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry))];
        string? foreign = entries.FirstOrDefault(entry => !s_files.Contains(entry));
        if (foreign is not null || (entries.Length > 0 && !(File.Exists(config) && ModelConfig.IsOne(File.ReadAllBytes(config)))))
        {
            string reason = foreign is null ? $"is no earlier export: its {ConfigFile} is not of one" : $"holds '{foreign}', which is of no export";
            throw new IOException($"The folder '{folder}' {reason}, so it is not replaced: name a folder that is not there, or empty it.");
        }
    }
}
