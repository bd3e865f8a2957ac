using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interchange.StateDicts;

/// <summary>The files that make_state_dicts.py wrote, and changed ones.</summary>
internal static class StateDictFiles
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Interchange", "StateDicts", "Files", name);

    public static ITransformer Import(MLContext ml, string name) => ml.LanguageModeling.ImportStateDict(PathOf(name), PathOf("words.txt"));

    /// <summary>A safetensors file with its header changed, and values as many as it then has.</summary>
    public static byte[] WithHeader(byte[] file, Action<JsonObject> change)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        JsonObject header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        change(header);
        byte[] json = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] start = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(start, json.Length);
        return [.. start, .. json, .. file[(8 + length)..]];
    }
}
