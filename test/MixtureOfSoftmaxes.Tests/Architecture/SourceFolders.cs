using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Architecture;

/// <summary>The folder of the project in which each type of an assembly is written, as its debug information has it.</summary>
internal sealed class SourceFolders
{
    // "Type definition documents": for types without code, which no method places in a file (Portable PDB, CustomDebugInformation).
    private static readonly Guid s_typeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly Dictionary<int, string> _folders = [];
    private readonly string _project;

    public SourceFolders(Assembly assembly)
    {
        string project = $"/{assembly.GetName().Name}/";
        _project = project;
        using FileStream stream = File.OpenRead(Path.ChangeExtension(assembly.Location, ".pdb"));
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(stream);
        MetadataReader pdb = provider.GetMetadataReader();
        foreach (Type type in assembly.GetTypes())
        {
            if (Document(pdb, type) is string file)
            {
                _folders[type.MetadataToken] = FolderOf(file);
            }
        }
    }

    /// <summary>The folder below the project's, with slashes: "Scoring/Columns", or "" for the project's own; null for generated types.</summary>
    public string? Of(Type type)
    {
        Type outermost = type;
        while (outermost.DeclaringType is not null && !_folders.ContainsKey(outermost.MetadataToken))
        {
            outermost = outermost.DeclaringType;
        }

        return _folders.GetValueOrDefault(outermost.MetadataToken);
    }

    private static string? Document(MetadataReader pdb, Type type)
    {
        EntityHandle handle = MetadataTokens.EntityHandle(type.MetadataToken);
        foreach (CustomDebugInformationHandle each in pdb.GetCustomDebugInformation(handle))
        {
            CustomDebugInformation information = pdb.GetCustomDebugInformation(each);
            if (pdb.GetGuid(information.Kind) == s_typeDocuments)
            {
                BlobReader blob = pdb.GetBlobReader(information.Value);
                return Name(pdb, MetadataTokens.DocumentHandle(blob.ReadCompressedInteger()));
            }
        }

        const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return type.GetMembers(Declared).OfType<MethodBase>()
            .Select(method => pdb.GetMethodDebugInformation(
                MetadataTokens.MethodDebugInformationHandle(method.MetadataToken & 0xffffff)).Document)
            .Where(document => !document.IsNil).Select(document => Name(pdb, document)).FirstOrDefault();
    }

    private static string Name(MetadataReader pdb, DocumentHandle document) =>
        pdb.GetString(pdb.GetDocument(document).Name).Replace('\\', '/');

    private string FolderOf(string file)
    {
        string relative = file[(file.LastIndexOf(_project, StringComparison.Ordinal) + _project.Length)..];
        return relative.Contains('/') ? relative[..relative.LastIndexOf('/')] : "";
    }
}
