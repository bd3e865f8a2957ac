using System.Text.Json.Serialization;

namespace MosService;

/// <summary>A model in OpenAI's form.</summary>
internal sealed record ModelResponse(string Id, long Created)
{
    public string Object { get; } = "model";

    [JsonPropertyName("owned_by")]
    public string OwnedBy { get; } = "local";
}

/// <summary>The list of models.</summary>
internal sealed record ModelListResponse(IEnumerable<ModelResponse> Data)
{
    public string Object { get; } = "list";
}
