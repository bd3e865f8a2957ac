using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>Completions as server-sent events.</summary>
[TestClass]
public sealed class StreamTests
{
    [TestMethod]
    public async Task The_parts_put_together_are_the_answer_at_once()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        string[] prompt = ["a b", "c"];
        JsonNode whole = await service.CompleteAsync(
            new { prompt, echo = true, logprobs = 2, max_tokens = 8, seed = 4, stop = "k", ignore_eos = true });
        string[] events = await service.StreamAsync(
            new { prompt, echo = true, logprobs = 2, max_tokens = 8, seed = 4, stop = "k", ignore_eos = true, stream = true });

        Assert.AreEqual("[DONE]", events[^1]);
        JsonNode[] parts = [.. events[..^1].Select(part => JsonNode.Parse(part)!)];
        Assert.HasCount(1, parts.Select(part => (string)part["id"]!).Distinct());
        Assert.IsTrue(parts.All(part => (string)part["object"]! == "text_completion" && part["usage"] is null));
        for (int index = 0; index < prompt.Length; index++)
        {
            JsonNode[] choice = [.. parts.Select(part => part.Choice()).Where(choice => (int)choice["index"]! == index)];
            JsonNode expected = whole.Choice(index);
            Assert.IsGreaterThan(2, choice.Length);
            Assert.AreEqual(expected.Text(), string.Concat(choice.Select(part => part.Text())));
            Assert.AreSequenceEqual(expected.Tokens(), choice.SelectMany(part => part.Tokens()));
            Assert.AreSequenceEqual(expected.LogProbs(), choice.SelectMany(part => part.LogProbs()));
            Assert.AreSequenceEqual(expected.Offsets(), choice.SelectMany(part => part.Offsets()));
            Assert.IsTrue(choice[..^1].All(part => part["finish_reason"] is null));
            Assert.AreEqual((string)expected["finish_reason"]!, (string)choice[^1]["finish_reason"]!);
        }
    }

    [TestMethod]
    public async Task The_usage_comes_last_if_it_is_asked_for()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        string[] events = await service.StreamAsync(
            new { prompt = "a b", max_tokens = 3, stream = true, ignore_eos = true, stream_options = new { include_usage = true } });
        JsonNode last = JsonNode.Parse(events[^2])!;
        Assert.IsEmpty(last["choices"]!.AsArray());
        Assert.AreEqual((2, 3, 5), last.Usage());
    }

    [TestMethod]
    public async Task An_error_before_the_first_part_has_a_status_of_its_own()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        using HttpResponseMessage response = await service.Client.PostAsJsonAsync("/v1/completions", new { prompt = new[] { 99 }, stream = true });
        Assert.AreEqual(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("0 to 12", (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["message"]!);
    }

    [TestMethod]
    public async Task An_error_in_the_midst_of_a_stream_is_its_last_event()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file, "--scorer:QueueCapacity", "1");

        // Of many texts only as many are generated as there are processors; one waits, and the others are refused.
        string[] events = await service.StreamAsync(new { prompt = "a", n = 128, max_tokens = 400, ignore_eos = true, stream = true, echo = true });
        Assert.DoesNotContain("[DONE]", events);
        JsonNode error = JsonNode.Parse(events[^1])!["error"]!;
        Assert.AreEqual("server_error", (string)error["type"]!);
        Assert.Contains("try again later", (string)error["message"]!);
        await service.ScoreAsync(new { text = "a" });
    }
}
