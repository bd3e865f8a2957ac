using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>Under /v1 every error has OpenAI's form, and names the member that is at fault.</summary>
[TestClass]
public sealed class CompletionErrorTests
{
    [TestMethod]
    [DataRow("""{"prompt": """, null, "no valid JSON")]
    [DataRow("[]", null, "an array, not an object")]
    [DataRow("""{"prompt": 1}""", "prompt", "prompt is a number")]
    [DataRow("""{"prompt": []}""", "prompt", "an empty array")]
    [DataRow("""{"prompt": ["a", 1]}""", "prompt[1]", "prompt[1] is a number; it must be a string")]
    [DataRow("""{"prompt": [1, "a"]}""", "prompt", "prompt[1] is a string; it must be a token id")]
    [DataRow("""{"prompt": [1.5]}""", "prompt", "prompt[0] is 1.5; it must be a token id")]
    [DataRow("""{"prompt": [13]}""", "prompt", "Token 0 of the prompt is 13; the model's tokens are from 0 to 12")]
    [DataRow("""{"prompt": [[1], [-1]]}""", "prompt", "prompt[1]: Token 0 of the prompt is -1")]
    [DataRow("""{"prompt": "\ud800"}""", "prompt", "no valid Unicode text")]
    [DataRow("""{"max_tokens": -1}""", "max_tokens", "max_tokens is -1; it must be an integer from 0 to 4096")]
    [DataRow("""{"max_tokens": 1e9}""", "max_tokens", "max_tokens is 1e9")]
    [DataRow("""{"max_tokens": "5"}""", "max_tokens", "max_tokens is a string")]
    [DataRow("""{"temperature": 2.5}""", "temperature", "temperature is 2.5; it must be a number from 0 to 2")]
    [DataRow("""{"top_p": 0}""", "top_p", "top_p is 0; it must be a number above 0 and at most 1")]
    [DataRow("""{"logprobs": 21}""", "logprobs", "from 0 to 20")]
    [DataRow("""{"logprobs": true}""", "logprobs", "logprobs is true")]
    [DataRow("""{"n": 0}""", "n", "from 1 to 128")]
    [DataRow("""{"prompt": ["a", "b"], "n": 65}""", "prompt", "2 prompts with 65 choices each")]
    [DataRow("""{"echo": 1}""", "echo", "echo is 1; it must be true or false")]
    [DataRow("""{"stop": ["a", ""]}""", "stop", "an empty text")]
    [DataRow("""{"stop": 1}""", "stop", "stop is a number")]
    [DataRow("""{"seed": 1.5}""", "seed", "seed is 1.5")]
    [DataRow("""{"stream_options": []}""", "stream_options", "must be an object")]
    [DataRow("""{"suffix": "b"}""", "suffix", "suffix is not supported: leave it out")]
    [DataRow("""{"best_of": 3}""", "best_of", "as many as n")]
    [DataRow("""{"presence_penalty": 0.5}""", "presence_penalty", "not supported")]
    [DataRow("""{"logit_bias": {"5": 1}}""", "logit_bias", "not supported")]
    public async Task A_request_that_cannot_be_followed(string body, string? parameter, string message)
    {
        JsonNode error = await AssertRefused("/v1/completions", body, HttpStatusCode.BadRequest, message);
        Assert.AreEqual("invalid_request_error", (string)error["type"]!);
        Assert.AreEqual(parameter, (string?)error["param"]);
    }

    [TestMethod]
    public async Task Limits_are_settings_and_the_document_has_them()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(
            file, "--completions:MaximumTokens", "3", "--completions:maximumChoices", "2", "--completions:MaximumLogProbs", "1",
            "--completions:MaximumStops", "1");
        await AssertRefusedBy("""{"max_tokens": 4}""", "max_tokens is 4; it must be an integer from 0 to 3");
        await AssertRefusedBy("""{"n": 3}""", "from 1 to 2");
        await AssertRefusedBy("""{"prompt": ["a", "b"], "n": 2}""", "more than the 2 choices of a request");
        await AssertRefusedBy("""{"logprobs": 2}""", "from 0 to 1");
        await AssertRefusedBy("""{"stop": ["a", "b"]}""", "stop has 2 texts; it can have 1");
        JsonNode answer = await service.CompleteAsync(new { prompt = "a", n = 2, ignore_eos = true });
        Assert.AreEqual(2 * 3, (int)answer["usage"]!["completion_tokens"]!, "where nothing is said there are 16, or as many as there may be");
        JsonNode document = JsonNode.Parse(await service.Client.GetStringAsync("/openapi/v1.json"))!;
        JsonNode members = document["paths"]!["/v1/completions"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!;
        Assert.AreEqual("3 2 1", $"{members["max_tokens"]!["maximum"]} {members["n"]!["maximum"]} {members["logprobs"]!["maximum"]}");

        async Task AssertRefusedBy(string body, string message)
        {
            using HttpResponseMessage response = await service.Client.PostAsync(
                "/v1/completions", new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains(message, await response.Content.ReadAsStringAsync());
        }
    }

    [TestMethod]
    public async Task A_model_that_is_not_there()
    {
        JsonNode error = await AssertRefused(
            "/v1/completions", """{"model": "gpt"}""", HttpStatusCode.NotFound, "'gpt' does not exist: take one of 'model'");
        Assert.AreEqual("model_not_found", (string)error["code"]!);
        Assert.AreEqual("model", (string)error["param"]!);
    }

    [TestMethod]
    public Task A_prompt_that_is_too_long() => AssertRefused(
        "/v1/completions", $$"""{"prompt": "{{new string('a', 100_001)}}"}""", HttpStatusCode.BadRequest, "100001 characters");

    [TestMethod]
    public Task A_prompt_of_too_many_tokens() => AssertRefused(
        "/v1/completions", $$"""{"prompt": [{{string.Join(',', Enumerable.Repeat(2, 100_001))}}]}""", HttpStatusCode.BadRequest, "100001 tokens");

    [TestMethod]
    public Task A_body_that_is_too_long() => AssertRefused(
        "/v1/completions", $$"""{"prompt": "{{new string('a', 30_000_000)}}"}""", HttpStatusCode.RequestEntityTooLarge, "30000000 bytes");

    [TestMethod]
    public Task An_address_that_is_not_there() => AssertRefused("/v1/nothing", "{}", HttpStatusCode.NotFound, "nothing at '/v1/nothing'");

    [TestMethod]
    public Task A_method_that_is_not_there() => AssertRefused("/v1/models", "{}", HttpStatusCode.MethodNotAllowed, "does not take POST");

    [TestMethod]
    public async Task Members_that_are_unknown_or_ask_for_what_is_done_anyway_are_passed_over()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode plain = await service.CompleteAsync(new { prompt = "a", max_tokens = 4, seed = 1 });
        JsonNode other = await service.CompleteAsync(new
        {
            prompt = "a",
            max_tokens = 4,
            seed = 1,
            user = "someone",
            foo = 1,
            presence_penalty = 0,
            frequency_penalty = 0.0,
            best_of = 1,
            suffix = (string?)null,
            logit_bias = new { },
            n = 1,
            stop = (string?)null,
        });
        Assert.AreEqual(plain.Choice().Text(), other.Choice().Text());
    }

    [TestMethod]
    public async Task Text_for_byte_pairs_without_their_tokenizer_is_refused_and_token_ids_are_not()
    {
        using var file = new ModelFile();
        var ml = new MLContext();
        file.Write(ModelZip.Save(new TransformerChain<ITransformer>(
            ml.Transforms.Text.TokenizeIntoWords("Words", "Text").Append(ml.Transforms.Conversion.MapValueToKey("Tokens", "Words"))
                .Fit(ml.Texts("a")),
            ((TransformerChain<ITransformer>)BytePairModel.Bytes()).Last())));
        await using RunningService service = await RunningService.StartAsync(file);
        using HttpResponseMessage response = await service.Client.PostAsync("/v1/completions", Json("""{"prompt": "a"}"""));
        Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("send token ids", await response.Content.ReadAsStringAsync());
        await service.CompleteAsync(new { prompt = new[] { 97 } });
    }

    private static HttpRequestMessage Post(string path, string body) =>
        new(HttpMethod.Post, path) { Content = Json(body), Headers = { ExpectContinue = true } };

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<JsonNode> AssertRefused(string path, string body, HttpStatusCode status, string message)
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        using HttpResponseMessage response = await service.Client.SendAsync(Post(path, body));
        string answer = await response.Content.ReadAsStringAsync();
        Assert.AreEqual(status, response.StatusCode, answer);
        Assert.AreEqual("application/json", response.Content.Headers.ContentType!.MediaType);
        JsonNode error = JsonNode.Parse(answer)!["error"]!;
        Assert.Contains(message, (string)error["message"]!);
        Assert.AreSequenceEqual(["message", "type", "param", "code"], error.AsObject().Select(member => member.Key));
        Leaks.AssertNone(answer);
        return error;
    }
}
