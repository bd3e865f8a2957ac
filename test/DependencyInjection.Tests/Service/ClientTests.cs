using System.ClientModel;
using Betalgo.Ranul.OpenAI;
using Betalgo.Ranul.OpenAI.Managers;
using Betalgo.Ranul.OpenAI.ObjectModels.RequestModels;
using Betalgo.Ranul.OpenAI.ObjectModels.ResponseModels;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using OpenAI.Models;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>
/// The service under clients that others wrote for OpenAI's: that of Betalgo for completions, which the official one no longer has, and the
/// official one for models.
/// </summary>
[TestClass]
public sealed class ClientTests
{
    [TestMethod]
    public async Task A_client_reads_completions_with_log_probabilities()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        using OpenAIService client = Connect(service);
        CompletionCreateResponse answer = await client.Completions.CreateCompletion(new()
        {
            Model = "model",
            PromptAsList = ["a b", "c"],
            Echo = true,
            LogProbs = 2,
            MaxTokens = 3,
            Temperature = 0,
            Stop = "zzz",
        });
        Assert.IsTrue(answer.Successful, answer.Error?.Message);
        Assert.HasCount(2, answer.Choices);
        Assert.StartsWith("a b ", answer.Choices[0].Text);
        Assert.HasCount(answer.Choices[0].LogProbs.Tokens.Count, answer.Choices[0].LogProbs.TokenLogProbs);
        Assert.AreEqual(3, answer.Usage.PromptTokens);
        Assert.IsTrue(answer.Choices.All(choice => choice.FinishReason is "stop" or "length"));
    }

    [TestMethod]
    public async Task A_client_reads_a_stream()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        using OpenAIService client = Connect(service);
        var request = new CompletionCreateRequest { Model = "model", Prompt = "a b", MaxTokens = 6, Temperature = 0 };
        string whole = (await client.Completions.CreateCompletion(request)).Choices[0].Text;
        string text = "";
        await foreach (CompletionCreateResponse part in client.Completions.CreateCompletionAsStream(request))
        {
            Assert.IsTrue(part.Successful, part.Error?.Message);
            text += part.Choices[0].Text;
        }

        Assert.AreEqual(whole, text);
        Assert.AreNotEqual("", text);
    }

    [TestMethod]
    public async Task A_client_reads_an_error()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        using OpenAIService client = Connect(service);
        CompletionCreateResponse answer = await client.Completions.CreateCompletion(new() { Model = "gpt", Prompt = "a" });
        Assert.IsFalse(answer.Successful);
        Assert.AreEqual("model_not_found", answer.Error!.Code);
        Assert.Contains("'gpt' does not exist", answer.Error.Message!);
    }

    [TestMethod]
    public async Task The_official_client_lists_models_and_reads_errors()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file, "--models:other:path", file.Path);
        var client = new OpenAIModelClient(new ApiKeyCredential("none"), new() { Endpoint = new(service.Client.BaseAddress!, "v1") });
        Assert.AreSequenceEqual(["model", "other"], (await client.GetModelsAsync()).Value.Select(model => model.Id));
        Assert.AreEqual("other", (await client.GetModelAsync("other")).Value.Id);
        ClientResultException error = await Assert.ThrowsExactlyAsync<ClientResultException>(() => client.GetModelAsync("gpt"));
        Assert.AreEqual(404, error.Status);
        Assert.Contains("model_not_found", error.Message);
    }

    private static OpenAIService Connect(RunningService service) =>
        new(new OpenAIOptions { ApiKey = "none", BaseDomain = $"{service.Client.BaseAddress}" });
}
