using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace MosService;

/// <summary>
/// Reads the body of a request as JSON. By hand rather than by a serializer, whose errors name types and not what is wrong.
/// </summary>
/// <param name="remedy">What the body should be; every error says it.</param>
internal sealed class JsonBody(string remedy)
{
    /// <exception cref="RequestException">The body is missing, too large, not JSON, or what <paramref name="read"/> refuses.</exception>
    public async Task<T> ReadAsync<T>(HttpRequest request, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream utf8 = OpenAsUtf8(request);
            using JsonDocument body = await JsonDocument.ParseAsync(utf8, default, cancellationToken);
            return body.RootElement.ValueKind == JsonValueKind.Object
                ? read(body.RootElement)
                : throw Wrong($"The body is {Describe(body.RootElement)}, not an object.");
        }
        catch (JsonException e)
        {
            throw Wrong($"Line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: no valid JSON in UTF-8, or nested too deeply.");
        }
        catch (DecoderFallbackException)
        {
            throw Wrong("The body is not in the charset that Content-Type names.");
        }
        catch (BadHttpRequestException e)
        {
            throw new RequestException(e.StatusCode, Explain(e, request));
        }
    }

    private Stream OpenAsUtf8(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            string given = request.ContentType is string type ? $"is '{type}'" : "is missing";
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, $"Content-Type {given}; it must be application/json.");
        }

        if (request.Headers.ContentEncoding is not ([] or ["identity"]) and var coding)
        {
            throw new RequestException(
                StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding is '{coding}': send the body uncompressed.");
        }

        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            throw Wrong("The request has no body.");
        }

        string charset = request.GetTypedHeaders().ContentType!.Charset.ToString().Trim('"');
        try
        {
            // Encodings replace what is invalid, unless told to throw.
            return charset.ToUpperInvariant() is "" or "UTF-8"
                ? request.Body
                : Encoding.CreateTranscodingStream(
                    request.Body,
                    Encoding.GetEncoding(charset, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
                    Encoding.UTF8,
                    leaveOpen: true);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new RequestException(
                StatusCodes.Status400BadRequest, $"The charset of Content-Type is '{charset}', which is not known: send UTF-8.");
        }
    }

    /// <summary>A string of the body, which may hold half a surrogate pair, or bytes that are not UTF-8.</summary>
    public string StringOf(JsonElement value, string name) => value.ValueKind == JsonValueKind.String
        ? Valid(value.GetString, name)
        : throw Wrong($"{name} is {Describe(value)}; it must be a string.", name);

    public string NameOf(JsonProperty member) => Valid(() => member.Name, "The name of a member");

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => value.GetRawText(),
    };

    public RequestException Wrong(string what, string? parameter = null) =>
        new(StatusCodes.Status400BadRequest, $"{what} {remedy}", parameter);

    private string Valid(Func<string?> read, string name)
    {
        try
        {
            return read()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong($"{name} is no valid Unicode text: it has half a surrogate pair, or bytes that are not UTF-8.", name);
        }
    }

    private static string Explain(BadHttpRequestException error, HttpRequest request) => error.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => "The body is longer than the " +
            $"{request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes allowed: " +
            "send the texts in several requests.",
        StatusCodes.Status408RequestTimeout => "The body came too slowly: send it again.",
        _ => "The body ended before its announced length: send it again.",
    };
}
