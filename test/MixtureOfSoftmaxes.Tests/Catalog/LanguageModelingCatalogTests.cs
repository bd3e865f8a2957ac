using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Catalog;

[TestClass]
public sealed class LanguageModelingCatalogTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void The_language_model_of_a_nested_chain_is_found()
    {
        ITransformer nested = new TransformerChain<ITransformer>(TinyModel.Trained);
        Assert.AreSame(((IEnumerable<ITransformer>)TinyModel.Trained).Last(), _ml.LanguageModeling.GetLanguageModel(nested));
        Assert.AreSame(
            ((IEnumerable<ITransformer>)TinyModel.Trained).Last(),
            _ml.LanguageModeling.GetLanguageModel(((IEnumerable<ITransformer>)TinyModel.Trained).Last()));
    }

    [TestMethod]
    public void Changing_the_scoring_of_a_nested_chain_leaves_the_rest_and_the_original_as_they_were()
    {
        ITransformer nested = new TransformerChain<ITransformer>(TinyModel.Trained);
        ITransformer changed = _ml.LanguageModeling.ChangeScoring(nested, scoring => scoring with { Context = ScoringContext.Stream });
        Assert.AreEqual(ScoringContext.Stream, _ml.LanguageModeling.GetLanguageModel(changed).Scoring.Context);
        Assert.AreEqual(ScoringContext.Row, _ml.LanguageModeling.GetLanguageModel(nested).Scoring.Context);
        Assert.AreEqual(
            _ml.Score(TinyModel.Trained, "w1 w2")[0].LogLikelihood, _ml.Score(changed, "w1 w2")[0].LogLikelihood, 1e-5f);
    }

    [TestMethod]
    public void A_chain_without_a_language_model_is_an_error_with_the_remedy()
    {
        ITransformer tokenizer = ((IEnumerable<ITransformer>)TinyModel.Trained).First();
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.GetLanguageModel(tokenizer), "no language model");
        Errors.AssertThrows<ArgumentException>(
            () => _ml.LanguageModeling.ChangeScoring(tokenizer, scoring => scoring), "no language model");
    }

    [TestMethod]
    public void A_saved_model_is_an_ordinary_one()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.zip");
        _ml.LanguageModeling.Save(TinyModel.Trained, _ml.Texts().Schema, path);
        ITransformer loaded = _ml.Model.Load(path, out DataViewSchema schema);
        Assert.AreSequenceEqual(["Text"], schema.Select(column => column.Name));
        Assert.AreEqual(_ml.Score(TinyModel.Trained, "w1 w2")[0].LogLikelihood, _ml.Score(loaded, "w1 w2")[0].LogLikelihood);
    }

    [TestMethod]
    public void Column_names_must_be_given()
    {
        Assert.Throws<ArgumentException>(() => _ml.LanguageModeling.TokenizeIntoVocabulary(""));
        Assert.Throws<ArgumentException>(() => _ml.LanguageModeling.Trainers.MixtureOfSoftmaxes(""));
    }
}
