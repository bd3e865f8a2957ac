using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using MosService;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>Every request that cannot be served is told what is wrong and what helps, as problem details, and nothing of the inside.</summary>
[TestClass]
public sealed class ProblemTests
{
    private const string Json = "application/json";
    private const string Form = """Give either {"text": "..."} or {"texts": ["...", ...]}, and beside it "context" and "model" if wanted.""";

    [TestMethod]
    [DataRow("GET", "/nothing", 404, "nothing at '/nothing'", "POST /score", "GET /health")]
    [DataRow("GET", "/index.html", 404, "nothing at '/index.html'", "POST /score", "GET /health")]
    [DataRow("POST", "/", 405, "'/' does not take POST", "use GET")]
    [DataRow("GET", "/score", 405, "'/score' does not take GET", "use POST")]
    [DataRow("OPTIONS", "/score", 405, "'/score' does not take OPTIONS", "use POST")]
    [DataRow("DELETE", "/health", 405, "'/health' does not take DELETE", "use GET")]
    public Task An_address_or_method_that_is_not_there(string method, string path, int status, params string[] details) =>
        AssertRefused(new(new(method), path), (HttpStatusCode)status, details);

    [TestMethod]
    [DataRow("", "no body")]
    [DataRow(" ", "Line 1, byte 2", "no valid JSON")]
    [DataRow("""{"text": """, "Line 1, byte 10", "no valid JSON")]
    [DataRow("{\"text\":\n\"a\",}", "Line 2, byte 5", "no valid JSON")]
    [DataRow("""{"text": "a"} b""", "Line 1, byte 15", "no valid JSON")]
    [DataRow("null", "The body is null, not an object")]
    [DataRow("[1, 2]", "The body is an array, not an object")]
    [DataRow("true", "The body is true, not an object")]
    [DataRow("""{"text": 1}""", "text is a number; it must be a string")]
    [DataRow("""{"text": {"a": []}}""", "text is an object; it must be a string")]
    [DataRow("""{"texts": "a"}""", "texts is a string; it must be an array")]
    [DataRow("""{"texts": ["a", false]}""", "texts[1] is false; it must be a string")]
    [DataRow("""{"texts": ["a", null]}""", "texts[1] is null; it must be a string")]
    [DataRow("""{"text": "\ud800"}""", "text is no valid Unicode text", "surrogate")]
    [DataRow("""{"\ud800": "a"}""", "The name of a member is no valid Unicode text")]
    [DataRow("{}", "neither text nor texts")]
    [DataRow("""{"text": null}""", "neither text nor texts")]
    [DataRow("""{"text": "a", "texts": ["b"]}""", "both text and texts")]
    [DataRow("""{"text": "a", "text": "b"}""", "twice")]
    [DataRow("""{"text": "a", "txts": ["b"]}""", "no member 'txts'")]
    [DataRow("""{"Text": "a"}""", "no member 'Text'")]
    [DataRow("""{"context": "a"}""", "neither text nor texts")]
    [DataRow("""{"text": "a", "context": ["b"]}""", "context is an array; it must be a string")]
    [DataRow("""{"text": "a", "context": "b", "context": "c"}""", "context twice")]
    [DataRow("""{"text": "a", "model": 1}""", "model is a number; it must be a string")]
    public Task A_body_that_is_no_text_or_texts(string body, params string[] details) =>
        AssertRefused(Post(Encoding.UTF8.GetBytes(body), Json), HttpStatusCode.BadRequest, [.. details, Form]);

    [TestMethod]
    public Task A_body_nested_too_deeply() => AssertRefused(
        Post(Encoding.UTF8.GetBytes($$"""{"text": {{new string('[', 10_000)}}"""), Json), HttpStatusCode.BadRequest, "nested too deeply", Form);

    [TestMethod]
    public Task Bytes_that_are_not_UTF8() => AssertRefused(
        Post([.. "{\"texts\": [\"a\", \""u8, 0xff, 0xfe, .. "\"]}"u8], Json), HttpStatusCode.BadRequest, "texts[1] is no valid Unicode text", Form);

    [TestMethod]
    [DataRow(null, 415, "Content-Type is missing", "application/json")]
    [DataRow("text/plain", 415, "Content-Type is 'text/plain'", "application/json")]
    [DataRow("json", 415, "Content-Type is 'json'", "application/json")]
    [DataRow("application/json; charset=nope", 400, "'nope'", "send UTF-8")]
    [DataRow("application/json; charset=utf-7", 400, "'utf-7'", "send UTF-8")]
    public Task A_body_of_another_type_or_unknown_charset(string? type, int status, params string[] details) =>
        AssertRefused(Post("""{"text": "a"}"""u8.ToArray(), type), (HttpStatusCode)status, details);

    [TestMethod]
    public Task A_compressed_body()
    {
        HttpRequestMessage request = Post([0x1f, 0x8b, 8, 0], Json);
        request.Content!.Headers.ContentEncoding.Add("gzip");
        return AssertRefused(request, HttpStatusCode.UnsupportedMediaType, "Content-Encoding is 'gzip'", "uncompressed");
    }

    [TestMethod]
    [DataRow("utf-16")]
    [DataRow("utf-16BE")]
    [DataRow("\"UTF-8\"")]
    [DataRow("latin1")]
    public async Task A_body_in_a_charset_that_is_named_is_read_in_it_and_held_to_it(string charset)
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        string type = $"{Json}; charset={charset}";
        Encoding encoding = Encoding.GetEncoding(charset.Trim('"'));
        using HttpRequestMessage request = Post(encoding.GetBytes("""{"text": "a b \u00e9 é"}"""), type);
        using HttpResponseMessage response = await service.Client.SendAsync(request);
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        double expected = ModelFile.Expected(1, "a b é é")[0].LogLikelihood;
        Assert.AreEqual(expected, (double)answer["scores"]![0]!["logLikelihood"]!, 1e-5 * Math.Abs(expected));
    }

    [TestMethod]
    public Task Half_a_surrogate_pair_in_UTF16_is_not_replaced() => AssertRefused(
        Post([.. Encoding.Unicode.GetBytes("{\"text\": \""), 0, 0xd8, .. Encoding.Unicode.GetBytes("\"}")], $"{Json}; charset=utf-16"),
        HttpStatusCode.BadRequest,
        "not in the charset that Content-Type names",
        Form);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public Task A_body_that_is_too_long(bool chunked)
    {
        HttpRequestMessage request = Post(Encoding.UTF8.GetBytes($$"""{"text": "{{new string('a', 30_000_000)}}"}"""), Json);
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = !chunked; // Of an announced length that is too long nothing is read.
        return AssertRefused(request, HttpStatusCode.RequestEntityTooLarge, "30000000 bytes", "several requests");
    }

    [TestMethod]
    public Task A_text_that_is_too_long() => AssertRefused(
        Post(Encoding.UTF8.GetBytes($$"""{"text": "{{new string('a', 1_000_000)}}"}"""), Json), HttpStatusCode.BadRequest, "Text 0", "split it");

    [TestMethod]
    public Task A_client_that_asks_for_another_type_of_answer_gets_problem_details_all_the_same()
    {
        HttpRequestMessage request = Post("{"u8.ToArray(), Json);
        request.Headers.Accept.Add(new("text/html"));
        return AssertRefused(request, HttpStatusCode.BadRequest, Form);
    }

    [TestMethod]
    public async Task An_error_of_the_service_itself_is_told_without_its_message()
    {
        await AssertAnswered(
            500, "log says why", new InvalidOperationException("System.Foo at /nowhere/model.zip", new ArgumentException("/nowhere/x")));
        await AssertAnswered(503, "shutting down", BatchQueue.ShutDown());
        var full = new InsufficientMemoryException("Memory ran out on GPU 0 while /nowhere/model.zip was computing.");
        await AssertAnswered(503, "send fewer or shorter ones", full);
        await AssertAnswered(503, "send fewer or shorter ones", new InvalidOperationException("The text could not be scored.", full));
    }

    private static async Task AssertAnswered(int status, string detail, Exception error)
    {
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = body } };
        Assert.IsTrue(await new ScoringErrors().TryHandleAsync(context, error, CancellationToken.None));
        Assert.AreEqual(status, context.Response.StatusCode);
        string answer = Encoding.UTF8.GetString(body.ToArray());
        Assert.Contains(detail, (string)JsonNode.Parse(answer)!["detail"]!);
        Leaks.AssertNone(answer);
    }

    private static HttpRequestMessage Post(byte[] body, string? type)
    {
        var content = new ByteArrayContent(body);
        if (type is not null)
        {
            Assert.IsTrue(content.Headers.TryAddWithoutValidation("Content-Type", type));
        }

        return new(HttpMethod.Post, "/score") { Content = content };
    }

    private static async Task AssertRefused(HttpRequestMessage request, HttpStatusCode status, params string[] details)
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        using HttpResponseMessage response = await service.Client.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.AreEqual(status, response.StatusCode, answer);
        Assert.AreEqual("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        JsonNode problem = JsonNode.Parse(answer)!;
        Assert.AreEqual((int)status, (int)problem["status"]!);
        Assert.IsNotEmpty((string)problem["title"]!);
        foreach (string detail in details)
        {
            Assert.Contains(detail, (string)problem["detail"]!);
        }

        Leaks.AssertNone(answer);
        await service.ScoreAsync(new { text = "a" });
    }
}
