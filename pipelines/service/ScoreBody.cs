using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace MosService;

/// <summary>
/// Reads the body of a request to <c>/score</c>: one text, or several. By hand rather than by a serializer, whose errors name types and not
/// what is wrong, and which would let a misspelt member pass without effect.
/// </summary>
internal static class ScoreBody
{
    private const string Remedy = """Give either {"text": "..."} or {"texts": ["...", ...]}.""";

    /// <exception cref="RequestException">The body is missing, too large, not JSON, or JSON of another form.</exception>
    public static async Task<string[]> ReadTextsAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream utf8 = OpenAsUtf8(request);
            using JsonDocument body = await JsonDocument.ParseAsync(utf8, default, cancellationToken);
            return TextsOf(body.RootElement);
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

    private static Stream OpenAsUtf8(HttpRequest request)
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

    private static string[] TextsOf(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"The body is {Describe(body)}, not an object.");
        }

        (string Name, JsonElement Value)[] members =
        [
            .. body.EnumerateObject()
                .Where(member => member.Value.ValueKind != JsonValueKind.Null)
                .Select(member => (StringOf(() => member.Name, "The name of a member"), member.Value)),
        ];
        return members switch
        {
            [("text", var text)] => [TextOf(text, "text")],
            [("texts", { ValueKind: JsonValueKind.Array } texts)] => [.. texts.EnumerateArray().Select((t, i) => TextOf(t, $"texts[{i}]"))],
            [("texts", var other)] => throw Wrong($"texts is {Describe(other)}; it must be an array."),
            [] => throw Wrong("The object has neither text nor texts."),
            _ when members.FirstOrDefault(member => member.Name is not ("text" or "texts")) is { Name: string other } =>
                throw Wrong($"There is no member '{other}'."),
            _ => throw Wrong("The object has both text and texts, or one of them twice."),
        };
    }

    private static string TextOf(JsonElement value, string name) => value.ValueKind == JsonValueKind.String
        ? StringOf(() => value.GetString()!, name)
        : throw Wrong($"{name} is {Describe(value)}; it must be a string.");

    private static string StringOf(Func<string> read, string name)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw Wrong($"{name} is no valid Unicode text: it has half a surrogate pair, or bytes that are not UTF-8.");
        }
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => value.GetRawText(),
    };

    private static RequestException Wrong(string what) => new(StatusCodes.Status400BadRequest, $"{what} {Remedy}");

    private static string Explain(BadHttpRequestException error, HttpRequest request) => error.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => "The body is longer than the " +
            $"{request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes allowed: " +
            "send the texts in several requests.",
        StatusCodes.Status408RequestTimeout => "The body came too slowly: send it again.",
        _ => "The body ended before its announced length: send it again.",
    };
}

/// <summary>The answer: a score for each text, in the order of the texts.</summary>
internal sealed record ScoreResponse(IReadOnlyList<TextScore> Scores);
