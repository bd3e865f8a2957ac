using System.Net;
using System.Net.Http.Json;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using MosService;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

[TestClass]
public sealed class ManyClientsTests
{
    private const int RequestsOfEach = 3;

    private static readonly int s_clients = LongTests.Choose(200, 1_000);

    [TestMethod]
    public async Task Each_gets_its_own_score_or_a_time_to_come_back()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file, "--scorer:QueueCapacity", "4");
        TextScore[] expected = ModelFile.Expected(1, Scorers.Texts);
        bool[][] served = await Task.WhenAll(Enumerable.Range(0, s_clients).Select(async client =>
        {
            bool[] answers = new bool[RequestsOfEach];
            for (int request = 0; request < RequestsOfEach; request++)
            {
                int text = (client + request) % Scorers.Texts.Length;
                using HttpResponseMessage response = await service.Client.PostAsJsonAsync("/score", new { text = Scorers.Texts[text] });
                answers[request] = response.StatusCode == HttpStatusCode.OK;
                if (answers[request])
                {
                    ScoreResponse scores = (await response.Content.ReadFromJsonAsync<ScoreResponse>())!;
                    Scorers.AssertClose(expected[text], scores.Scores.Single());
                }
                else
                {
                    Assert.AreEqual(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                    Assert.AreEqual(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
                    Assert.AreEqual("application/problem+json", response.Content.Headers.ContentType!.MediaType);
                }
            }

            return answers;
        }));

        bool[] all = [.. served.SelectMany(answers => answers)];
        Assert.HasCount(s_clients * RequestsOfEach, all);
        Assert.Contains(true, all);
        Assert.Contains(false, all);
        await service.ScoreAsync(new { text = "a" });
    }
}
