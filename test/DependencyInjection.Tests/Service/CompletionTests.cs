using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>POST /v1/completions beside what the library says of the same model.</summary>
[TestClass]
public sealed class CompletionTests
{
    [TestMethod]
    public async Task Log_probabilities_of_an_echoed_prompt_and_the_mark_sum_to_its_score()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode choice = (await service.CompleteAsync(new { prompt = "a x  c <eos>", echo = true, logprobs = 3, max_tokens = 0 })).Choice();

        Assert.AreEqual("a x  c <eos>", choice.Text());
        Assert.AreSequenceEqual(["a", " <unk>", " c", "<eos>"], choice.Tokens(), "The tokens as the model knows them.");
        Assert.AreSequenceEqual([0, 1, 3, 6], choice.Offsets(), "Each begins where the one before it ends.");
        Assert.AreEqual("length", (string)choice["finish_reason"]!);
        TextScore expected = new MLContext().LanguageModeling.Score(ModelZip.Load(ModelFile.Bytes(1)), ["a x  c"]).Single();
        foreach ((TokenScore token, float? logProb) in expected.Tokens.Zip(choice.LogProbs()))
        {
            Assert.AreEqual(token.LogLikelihood, logProb!.Value, 1e-5);
        }
    }

    [TestMethod]
    public async Task The_likeliest_tokens_are_those_of_the_models_own_columns_and_the_token_itself()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode choice = (await service.CompleteAsync(new { prompt = "a b c d", echo = true, logprobs = 3, max_tokens = 0 })).Choice();
        var ml = new MLContext();
        ITransformer model = ml.LanguageModeling.ChangeScoring(ModelZip.Load(ModelFile.Bytes(1)), scoring => scoring with
        {
            TopTokensColumnName = "Top",
            TopProbabilitiesColumnName = "P",
            TopCount = 3,
        });
        IDataView scored = model.Transform(ml.Texts("a b c d"));
        string[] top = [.. scored.GetColumn<VBuffer<ReadOnlyMemory<char>>>("Top").Single().DenseValues().Select(word => word.ToString())];
        float[] p = [.. scored.GetColumn<VBuffer<float>>("P").Single().DenseValues()];
        for (int place = 0; place < 4; place++)
        {
            Dictionary<string, float> actual = choice.Top()[place]!;
            for (int i = 0; i < 3; i++)
            {
                string word = top[(3 * place) + i];
                Assert.AreEqual(Math.Log(p[(3 * place) + i]), actual[place == 0 || word == "<eos>" ? word : " " + word], 1e-5);
            }

            Assert.AreEqual(choice.LogProbs()[place], actual[choice.Tokens()[place]]);
            Assert.IsLessThanOrEqualTo(4, actual.Count);
        }
    }

    [TestMethod]
    public async Task A_continuation_is_that_of_the_librarys_generator_of_the_same_seed()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode answer = await service.CompleteAsync(
            new { model = "model", prompt = "a b", max_tokens = 9, seed = 5, temperature = 0.7, top_p = 0.9, logprobs = 0 });
        GeneratedWord[] expected = Generate("a b", new() { MaximumTokens = 9, Seed = 5, Temperature = 0.7, TopP = 0.9 });

        Assert.AreEqual(string.Concat(expected.Select(word => word.Text)), answer.Choice().Text());
        foreach ((GeneratedWord word, float? logProb) in expected.Zip(answer.Choice().LogProbs()))
        {
            Assert.AreEqual(word.LogProbability, logProb!.Value, 1e-5);
        }

        Assert.AreEqual((2, expected.Length, 2 + expected.Length), answer.Usage());
        Assert.AreEqual(expected[^1].IsEndOfSentence ? "stop" : "length", (string)answer.Choice()["finish_reason"]!);
        Assert.AreEqual("text_completion", (string)answer["object"]!);
        Assert.AreEqual("model", (string)answer["model"]!);
    }

    [TestMethod]
    public async Task Choices_of_one_prompt_have_seeds_one_after_another()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode answer = await service.CompleteAsync(new { prompt = new[] { "a", "b" }, n = 2, max_tokens = 7, seed = 5 });
        string[] expected =
        [
            .. from prompt in new[] { "a", "b" }
               from seed in new[] { 5, 6 }
               select string.Concat(Generate(prompt, new() { MaximumTokens = 7, Seed = seed }).Select(word => word.Text)),
        ];
        Assert.AreSequenceEqual(expected, answer["choices"]!.AsArray().Select(choice => choice!.Text()));
        Assert.AreSequenceEqual([0, 1, 2, 3], answer["choices"]!.AsArray().Select(choice => (int)choice!["index"]!));
        Assert.AreEqual(2, answer.Usage().Prompt);
    }

    [TestMethod]
    public async Task A_stop_ends_the_text_before_it_wherever_tokens_begin()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        string whole = (await CompleteAsync([])).Text();
        string stop = whole[4..7];
        JsonNode choice = await CompleteAsync(["never", stop]);
        Assert.AreEqual(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], choice.Text());
        Assert.AreEqual("stop", (string)choice["finish_reason"]!);
        Assert.IsTrue(choice.Offsets().All(offset => offset < choice.Text().Length));

        async Task<JsonNode> CompleteAsync(string[] stop) => (await service.CompleteAsync(
            new { prompt = "a", max_tokens = 12, seed = 3, logprobs = 0, ignore_eos = true, stop })).Choice();
    }

    [TestMethod]
    public async Task Without_a_prompt_a_sentence_is_begun_and_nothing_is_read()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode answer = await service.CompleteAsync(new { temperature = 0, max_tokens = 3 });
        Assert.AreEqual(
            string.Concat(Generate("", new() { MaximumTokens = 3, Temperature = 0 }).Select(word => word.Text)), answer.Choice().Text());
        Assert.AreEqual(0, answer.Usage().Prompt);
        Assert.IsNull(answer.Choice()["logprobs"]);
    }

    [TestMethod]
    public async Task Byte_pairs_that_are_no_characters_by_themselves_are_told_as_bytes()
    {
        using var file = new ModelFile();
        file.Write(ModelZip.Save(BytePairModel.Bytes()));
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode choice = (await service.CompleteAsync(new { prompt = "\u00e9a\U0001f600b", echo = true, logprobs = 0, max_tokens = 0 })).Choice();
        Assert.AreEqual("\u00e9a\U0001f600b", choice.Text());
        Assert.AreSequenceEqual(
            ["bytes:\\xc3", "bytes:\\xa9", "a", "bytes:\\xf0", "bytes:\\x9f", "bytes:\\x98", "bytes:\\x80", "b"], choice.Tokens());
        Assert.AreSequenceEqual([0, 0, 1, 2, 2, 2, 2, 3], choice.Offsets(), "In characters, not in halves of surrogate pairs.");
        JsonNode ids = (await service.CompleteAsync(new { prompt = new[] { 0xc3, 0xa9, 0x61 }, echo = true, logprobs = 0, max_tokens = 0 })).Choice();
        Assert.AreEqual("\u00e9a", ids.Text());
        Assert.AreSequenceEqual(choice.LogProbs()[..3], ids.LogProbs());
    }

    [TestMethod]
    public async Task Tokens_of_files_are_told_as_the_text_that_they_add()
    {
        using var file = new ModelFile();
        foreach (TokenizerFiles files in new[] { TokenizerSamples.ByteLevelBpe, TokenizerSamples.SentencePiece, TokenizerSamples.WordPiece })
        {
            file.Write(ModelZip.Save(PretrainedModel.Untrained(files)));
            await using RunningService service = await RunningService.StartAsync(file);
            JsonNode choice = (await service.CompleteAsync(new { prompt = "the cats", echo = true, logprobs = 1, max_tokens = 0 })).Choice();
            Assert.AreEqual("the cats", choice.Text());
            Assert.AreSequenceEqual(["the", " cat", "s"], choice.Tokens(), files.Kind.ToString());
            Assert.AreSequenceEqual([0, 3, 7], choice.Offsets(), files.Kind.ToString());
        }
    }

    [TestMethod]
    public async Task Of_likely_tokens_that_are_one_text_one_is_told()
    {
        string[] names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##a", "b", "##b", "c", "##c"];
        using var file = new ModelFile();
        file.Write(ModelZip.Save(PretrainedModel.Untrained(
            TokenizerFiles.Of(TokenizerKind.WordPiece, Encoding.UTF8.GetBytes(string.Join('\n', names))))));
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode choice = (await service.CompleteAsync(new { prompt = "ab", echo = true, logprobs = 12, max_tokens = 0 })).Choice();
        Assert.HasCount(9, choice.Top()[0]!, "At the beginning a and ##a are one text.");
        Assert.HasCount(12, choice.Top()[1]!, "After a word they are not.");
    }

    private static GeneratedWord[] Generate(string prompt, GenerationOptions options) =>
        [.. new MLContext().LanguageModeling.CreateTextGenerator(ModelZip.Load(ModelFile.Bytes(1)), options).Generate(prompt)];
}
