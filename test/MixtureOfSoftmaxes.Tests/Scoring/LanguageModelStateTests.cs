using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring;

/// <summary>Where a text stands, held and read on.</summary>
[TestClass]
public sealed class LanguageModelStateTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    [DataRow("softmax")]
    [DataRow("moc")]
    [DataRow("mos")]
    [DataRow("moss")]
    [DataRow("mixtape")]
    public void After_each_word_the_next_has_the_distribution_that_the_formulas_give(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Persistence", "SavedBefore");
        byte[] zip = File.ReadAllBytes(Path.Combine(folder, $"{name}.zip"));
        string text = string.Join(" <eos> ", File.ReadLines(Path.Combine(folder, "rows.txt")).Where(line => line.Length > 0).Take(3));
        ITransformer model = ModelZip.Load(zip);
        using LanguageModelTransformer languageModel = _ml.LanguageModeling.GetLanguageModel(model);
        using LanguageModelState state = _ml.LanguageModeling.StartState(model);
        double[][] expected = new ForwardPass(zip).Distributions(text);
        int[] tokens = [.. text.Split(' ').Select(languageModel.IndexOf)];
        for (int read = 0; read <= tokens.Length; read++)
        {
            Numbers.AssertClose(expected[read], Doubles(state), 1e-6, $"log P after {read} words");
            Assert.AreEqual(expected[read][7], state.LogProbability(7), 1e-5);
            state.Advance(tokens.AsSpan(read..Math.Min(read + 1, tokens.Length)));
        }

        using LanguageModelState after = _ml.LanguageModeling.StartState(model, text);
        Numbers.AssertClose(expected[^1], Doubles(after), 1e-6, "log P after a context");
    }

    [TestMethod]
    public void A_context_of_byte_pairs_is_read_by_their_tokenizer()
    {
        using LanguageModelState state = _ml.LanguageModeling.StartState(BytePairModel.Trained, "w3 w4<eos>w2");
        LanguageModelTransformer model = _ml.LanguageModeling.GetLanguageModel(BytePairModel.Trained);
        using LanguageModelState tokens = _ml.LanguageModeling.StartState(BytePairModel.Trained);
        ISubwordTokenizer tokenizer = ((IEnumerable<ITransformer>)BytePairModel.Trained).OfType<ISubwordTokenizer>().Single();
        tokens.Advance([.. tokenizer.Tokenize("w3 w4").Append("<eos>").Concat(tokenizer.Tokenize("w2")).Select(model.IndexOf)]);
        Numbers.AssertClose(Doubles(tokens), Doubles(state), 1e-6, "log P");
        Errors.AssertThrows<InvalidOperationException>(() => _ml.LanguageModeling.StartState(model, "w3"), "not words", "chain");
    }

    [TestMethod]
    public void A_context_of_a_tokenizer_of_files_is_read_by_it()
    {
        foreach (TokenizerFiles files in TokenizerSamples.All)
        {
            ITransformer model = PretrainedModel.Untrained(files);
            LanguageModelTransformer languageModel = _ml.LanguageModeling.GetLanguageModel(model);
            TokenScore[] scored = [.. _ml.LanguageModeling.Score(model, ["the cats the"]).Single().Tokens];
            using LanguageModelState state = _ml.LanguageModeling.StartState(model, "the cats the"), read = _ml.LanguageModeling.StartState(model);
            foreach (int token in scored.SkipLast(1).Select(token => languageModel.IndexOf(token.Token)))
            {
                read.Advance(token);
            }

            Numbers.AssertClose(Doubles(read), Doubles(state), 1e-6, files.Kind.ToString());
            Assert.AreEqual(scored[^1].LogLikelihood, state.LogProbability(languageModel.IndexOf("<eos>")), 1e-5f, files.Kind.ToString());
            Errors.AssertThrows<InvalidOperationException>(() => _ml.LanguageModeling.StartState(languageModel, "the"), "not words", "chain");
        }
    }

    [TestMethod]
    public void A_text_of_many_passes_is_read_as_word_by_word()
    {
        int[] tokens = Numbers.Ids(new Random(1), 700, Shapes.Vocabulary);
        using LanguageModelState whole = Start(), bit = Start();
        whole.Advance(tokens);
        foreach (int token in tokens)
        {
            bit.Advance(token);
        }

        Numbers.AssertClose(Doubles(bit), Doubles(whole), 1e-5, "log P");
        whole.Advance();
        Numbers.AssertClose(Doubles(bit), Doubles(whole), 1e-5, "log P after nothing more");
    }

    [TestMethod]
    public void Forks_go_their_own_ways_and_the_first_stays()
    {
        LanguageModelState stem = Start(2, 5);
        double[] before = Doubles(stem);
        using LanguageModelState one = stem.Fork(), other = stem.Fork();
        one.Advance(3);
        other.Advance(4);
        Assert.AreSequenceEqual(before, Doubles(stem));
        stem.Dispose();
        using LanguageModelState three = Start(2, 5, 3), four = Start(2, 5, 4), ofOne = one.Fork();
        Numbers.AssertClose(Doubles(three), Doubles(one), 1e-6, "log P of a fork");
        Numbers.AssertClose(Doubles(four), Doubles(other), 1e-6, "log P of another");
        Assert.AreSequenceEqual(Doubles(one), Doubles(ofOne));
    }

    [TestMethod]
    public void A_distribution_that_was_asked_for_stays_when_the_state_reads_on()
    {
        using LanguageModelState state = Start();
        ReadOnlySpan<float> first = state.NextDistribution();
        float[] copy = first.ToArray();
        state.Advance(4);
        Assert.AreNotEqual(first[3], state.NextDistribution()[3]);
        Assert.AreSequenceEqual(copy, first.ToArray());
    }

    [TestMethod]
    public void A_state_does_not_belong_to_a_scope_of_tensors_that_is_open()
    {
        LanguageModelState state, fork;
        using (torch.NewDisposeScope())
        {
            state = Start(2);
            fork = state.Fork();
            fork.Advance(3);
        }

        using (state)
        using (fork)
        using (LanguageModelState expected = Start(2, 3))
        {
            state.Advance(3);
            Numbers.AssertClose(Doubles(expected), Doubles(state), 1e-6, "log P");
            Numbers.AssertClose(Doubles(expected), Doubles(fork), 1e-6, "log P of the fork");
        }
    }

    [TestMethod]
    public void Threads_with_states_of_one_model_get_what_one_alone_gets()
    {
        using LanguageModelState stem = Start(2, 5);
        LanguageModelState[] forks = [.. Enumerable.Range(0, 8).Select(_ => stem.Fork())];
        float[][] found = new float[forks.Length][];
        Parallel.For(0, forks.Length, new ParallelOptions { MaxDegreeOfParallelism = forks.Length }, i =>
        {
            for (int token = 0; token < 20; token++)
            {
                forks[i].Advance((i + token) % Shapes.Vocabulary);
                found[i] = forks[i].NextDistribution().ToArray();
            }
        });
        for (int i = 0; i < forks.Length; i++)
        {
            using LanguageModelState alone = Start([2, 5, .. Enumerable.Range(i, 20).Select(token => token % Shapes.Vocabulary)]);
            Numbers.AssertClose(Doubles(alone), [.. found[i].Select(logP => (double)logP)], 1e-6, $"log P of thread {i}");
            forks[i].Dispose();
        }
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(Shapes.Vocabulary)]
    public void A_token_that_is_none_of_the_models_is_refused_and_nothing_is_read(int token)
    {
        using LanguageModelState state = Start(), before = Start();
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => state.Advance(2, token), $"from 0 to {Shapes.Vocabulary - 1}", "Words");
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => state.LogProbability(token), $"from 0 to {Shapes.Vocabulary - 1}");
        Assert.AreSequenceEqual(Doubles(before), Doubles(state));
    }

    [TestMethod]
    public void After_the_model_is_disposed_a_state_says_so_and_can_be_disposed()
    {
        LanguageModelTransformer model = TinyModel.UntrainedScorer();
        LanguageModelState state = _ml.LanguageModeling.StartState(model);
        Assert.IsLessThan(0, state.LogProbability(3));
        model.Dispose();
        Action[] uses =
            [() => state.Advance(2), () => state.LogProbability(3), () => state.NextDistribution(), () => state.Fork(), () => Start(model)];
        foreach (Action use in uses)
        {
            Errors.AssertThrows<ObjectDisposedException>(use, "language model", "load it again");
        }

        state.Dispose();
        state.Dispose();
    }

    [TestMethod]
    public void A_disposed_state_says_so()
    {
        LanguageModelState state = Start();
        state.Dispose();
        Action[] uses = [() => state.Advance(2), () => state.LogProbability(3), () => state.NextDistribution(), () => state.Fork()];
        foreach (Action use in uses)
        {
            Errors.AssertThrows<ObjectDisposedException>(use, nameof(LanguageModelState));
        }
    }

    [TestMethod]
    public void Weights_that_are_no_numbers_are_an_error()
    {
        LanguageModelNetwork network = Shapes.Network();
        network.DecoderBias.Set([.. Enumerable.Repeat(double.NaN, Shapes.Vocabulary)]);
        using var model = new LanguageModelTransformer(new("Tokens", new(), TinyModel.Vocabulary(), network));
        using LanguageModelState state = Start(model);
        Errors.AssertThrows<ArithmeticException>(() => state.NextDistribution(), "not numbers");
    }

    [TestMethod]
    public void Reading_a_context_is_cancelled() => Assert.Throws<OperationCanceledException>(
        () => _ml.LanguageModeling.StartState(TinyModel.Untrained(), "a b", new CancellationToken(canceled: true)));

    [TestMethod]
    public void A_word_that_the_model_does_not_know_has_the_place_of_the_unknown_word()
    {
        LanguageModelTransformer model = TinyModel.UntrainedScorer();
        Assert.AreEqual(2, model.IndexOf("a"));
        Assert.AreEqual(1, model.IndexOf("<eos>"));
        Assert.AreEqual(0, model.IndexOf("unheard"));
    }

    private LanguageModelState Start(params int[] tokens)
    {
        LanguageModelState state = Start(TinyModel.UntrainedScorer());
        state.Advance(tokens);
        return state;
    }

    private LanguageModelState Start(ITransformer model) => _ml.LanguageModeling.StartState(model);

    private static double[] Doubles(LanguageModelState state) => [.. state.NextDistribution().ToArray().Select(logP => (double)logP)];
}
