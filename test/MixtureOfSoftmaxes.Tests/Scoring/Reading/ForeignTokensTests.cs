using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Reading;

/// <summary>Token columns that the library's own tokenizer did not make.</summary>
[TestClass]
public sealed class ForeignTokensTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LanguageModelTransformer _model = TinyModel.UntrainedScorer();

    [TestCleanup]
    public void Free() => _model.Dispose();

    [TestMethod]
    public void MLNets_own_tokenizer_and_keys_train_and_score_with_missing_keys_as_unknown_words()
    {
        IDataView train = _ml.Texts("a b", "b a a");
        ITransformer model = _ml.Transforms.Text.TokenizeIntoWords("Words", "Text")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Tokens", "Words"))
            .Append(_ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", OneStep()))
            .Fit(train);
        Assert.AreSequenceEqual(["a", "b", "<unk>", "<eos>"], _ml.LanguageModeling.GetLanguageModel(model).Words);
        ScoredRow[] rows = _ml.Score(model, "a x b y", "a", "x", "");
        Assert.AreSequenceEqual([5, 2, 2, 1], rows.Select(row => row.TokenCount));
        Assert.AreSequenceEqual([2, 0, 1, 0], rows.Select(row => row.OutOfVocabularyCount));
        Assert.IsTrue(rows.All(row => float.IsFinite(row.LogLikelihood) && row.LogLikelihood < 0));
    }

    [TestMethod]
    public void Keys_in_another_order_are_mapped_by_word()
    {
        string[] shuffled = ["k", "stranger", "a", "<eos>", "c"];
        IDataView foreign = new HandMadeView(1).AddTokens("Tokens", shuffled, _ => Keys(3, 5, 2, 1));
        IDataView own = new HandMadeView(1).AddTokens("Tokens", TinyModel.Words, _ => Keys(
            Key("a"), Key("c"), Key("<unk>"), Key("k")));
        (ScoredRow expected, ScoredRow actual) = (_ml.Score(_model, own)[0], _ml.Score(_model, foreign)[0]);
        Assert.AreEqual(expected.LogLikelihood, actual.LogLikelihood);
        Assert.AreEqual(1, actual.OutOfVocabularyCount);

        static uint Key(string word) => (uint)Array.IndexOf(TinyModel.Words, word) + 1;
    }

    [TestMethod]
    public void A_missing_key_is_the_unknown_word_also_in_sparse_vectors()
    {
        // Keys 3, missing, missing, 5: the sparse form leaves the missing ones out.
        IDataView sparse = new HandMadeView(1).AddTokens("Tokens", TinyModel.Words, _ => new VBuffer<uint>(4, 2, [3, 5], [0, 3]));
        IDataView unknown = new HandMadeView(1).AddTokens("Tokens", TinyModel.Words, _ => Keys(3, 1, 1, 5));
        ScoredRow row = _ml.Score(_model, sparse)[0];
        Assert.AreEqual(_ml.Score(_model, unknown)[0].LogLikelihood, row.LogLikelihood);
        Assert.AreEqual(2, row.OutOfVocabularyCount);
        Assert.AreEqual(5, row.TokenCount);
    }

    [TestMethod]
    public void A_vector_of_fixed_length_is_as_good()
    {
        IDataView data = new HandMadeView(1).AddTokens("Tokens", TinyModel.Words, _ => Keys(3, 4), length: 2);
        Assert.AreEqual(_ml.Score(TinyModel.Untrained(), "a b")[0].LogLikelihood, _ml.Score(_model, data)[0].LogLikelihood, 1e-6f);
    }

    [TestMethod]
    public void Keys_without_key_values_are_refused_with_the_remedy()
    {
        IDataView data = new HandMadeView(1).Add<VBuffer<uint>>(
            "Tokens", new VectorDataViewType(new KeyDataViewType(typeof(uint), 5)), _ => Keys(1));
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => _model.Transform(data), "'Tokens'", "key values", "MapValueToKey");
        Errors.AssertThrows<ArgumentOutOfRangeException>(
            () => _ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", OneStep()).Fit(data),
            "'Tokens'", "key values", "MapValueToKey");
    }

    [TestMethod]
    public void A_key_past_the_key_values_is_named_with_its_row()
    {
        IDataView data = new HandMadeView(2).AddTokens("Tokens", TinyModel.Words, row => Keys(row == 1 ? 99u : 1u));
        Errors.AssertThrows<InvalidOperationException>(() => _ml.Score(_model, data), "'Tokens'", "99", "row 1", "13");
    }

    private static VBuffer<uint> Keys(params uint[] keys) => new(keys.Length, keys);

    private static MixtureOfSoftmaxesTrainer.Options OneStep()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 1;
        return options;
    }
}
