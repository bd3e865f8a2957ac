using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

[TestClass]
public sealed class TrainerTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_few_hundred_steps_reach_the_entropy_of_the_language()
    {
        double floor = TinyLanguage.TrueLoss(TinyModel.ValidationSentences);
        Assert.AreEqual(TinyLanguage.Entropy, floor, 0.03, "the sentences are typical of the language");
        double loss = Loss(TinyModel.Trained);
        Assert.IsInRange(floor, 1.04 * floor, loss);
    }

    [TestMethod]
    [DataRow(LanguageModelHead.Softmax, LanguageModelOptimizer.Sgd, 5)]
    [DataRow(LanguageModelHead.MixtureOfContexts, LanguageModelOptimizer.Sgd, 5)]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes, LanguageModelOptimizer.Adam, 0.02)]
    [DataRow(LanguageModelHead.MixtureOfSigSoftmaxes, LanguageModelOptimizer.Sgd, 5)]
    [DataRow(LanguageModelHead.Mixtape, LanguageModelOptimizer.Sgd, 5)]
    [DataRow(LanguageModelHead.Plif, LanguageModelOptimizer.Sgd, 5)]
    [DataRow(LanguageModelHead.DirectOutputConnection, LanguageModelOptimizer.Adam, 0.02)]
    [DataRow(LanguageModelHead.MultiFacetSoftmax, LanguageModelOptimizer.Sgd, 5)]
    public void Every_head_and_optimiser_learns(LanguageModelHead head, LanguageModelOptimizer optimizer, double rate)
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.Head = head;
        options.Optimizer = optimizer;
        options.LearningRate = rate;
        options.LayerCount = head == LanguageModelHead.DirectOutputConnection ? 2 : 1;
        options.MaximumEpochs = 8;
        // Words by themselves have an entropy of about 1.9 nats; what is below comes of the context.
        Assert.IsLessThan(0.8, Loss(TinyModel.Train(_ml, options)));
    }

    [TestMethod]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes)]
    [DataRow(LanguageModelHead.Mixtape)]
    public void Experts_of_a_low_latent_rank_learn(LanguageModelHead head)
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        (options.Head, options.LatentRank, options.MaximumEpochs) = (head, 4, 8);
        (options.Optimizer, options.LearningRate) = (LanguageModelOptimizer.Adam, 0.02);
        Assert.IsLessThan(0.8, Loss(TinyModel.Train(_ml, options)));
    }

    [TestMethod]
    public void With_all_dropouts_and_regularisers_it_still_learns_and_scores_without_them()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        (options.WordDropout, options.InputDropout, options.HiddenDropout) = (0.05, 0.1, 0.1);
        (options.OutputDropout, options.LatentDropout, options.WeightDropout) = (0.1, 0.1, 0.2);
        (options.ActivationRegularization, options.TemporalActivationRegularization) = (0.01, 0.01);
        options.LayerCount = 2;
        options.MaximumEpochs = 4;
        var recorder = new Recorder();
        options.Progress = recorder;
        ITransformer model = TinyModel.Train(_ml, options);
        Assert.IsLessThan(recorder.Events[5].Loss, recorder.Events[^1].Loss);
        Assert.AreSequenceEqual(
            _ml.Score(model, TinyModel.ValidationSentences).Select(row => row.LogLikelihood),
            _ml.Score(model, TinyModel.ValidationSentences).Select(row => row.LogLikelihood));
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_weights_bit_by_bit_and_another_seed_others()
    {
        byte[] first = Weights(seed: 7), again = Weights(seed: 7), other = Weights(seed: 8);
        Assert.AreSequenceEqual(first, again);
        Assert.IsFalse(first.SequenceEqual(other));

        static byte[] Weights(int seed)
        {
            MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
            options.MaximumEpochs = 1;
            options.WordDropout = options.WeightDropout = options.LatentDropout = 0.2;
            return ModelZip.Entry(ModelZip.Save(TinyModel.Train(new MLContext(seed), options)), "Weights.safetensors");
        }
    }

    [TestMethod]
    public void Marks_that_the_vocabulary_lacks_are_added_to_it()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 1;
        options.UnknownWord = "UNK";
        options.EndOfSentence = "</s>";
        ITransformer model = TinyModel.Train(_ml, options, ["a b a"]);
        Assert.AreSequenceEqual(["<unk>", "<eos>", "a", "b", "UNK", "</s>"], _ml.LanguageModeling.GetLanguageModel(model).Words);
    }

    [TestMethod]
    public void A_text_shorter_than_a_batch_trains()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.BatchSize = 50;
        options.MaximumEpochs = 2;
        Assert.IsTrue(float.IsFinite(_ml.Score(TinyModel.Train(_ml, options, ["a b"]), "a b")[0].LogLikelihood));
    }

    [TestMethod]
    public void The_output_shape_adds_the_score_columns_and_the_input_shape_is_checked()
    {
        MixtureOfSoftmaxesTrainer trainer = _ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens");
        SchemaShape output = trainer.GetOutputSchema(new([SchemaShapes.VariableKeyVector("Tokens")]));
        Assert.AreSequenceEqual(
            ["Tokens", "LogLikelihood", "TokenCount", "OutOfVocabularyCount", "Perplexity", "BitsPerCharacter"],
            output.Select(column => column.Name));
        Assert.AreSequenceEqual(
            ["CountsEndOfSentence", "ScoringContext"], output.Single(column => column.Name == "TokenCount").Annotations.Select(a => a.Name));
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(new([])), "'Tokens'");
        Errors.AssertThrows<ArgumentOutOfRangeException>(
            () => trainer.GetOutputSchema(new([SchemaShapes.Of("Tokens", new VectorDataViewType(NumberDataViewType.UInt32))])),
            "'Tokens'", "MapValueToKey");
    }

    /// <summary>Nats a token over the validation sentences as one text, as they were trained on.</summary>
    private double Loss(ITransformer model)
    {
        ITransformer stream = _ml.LanguageModeling.ChangeScoring(model, scoring => scoring with { Context = ScoringContext.Stream });
        return _ml.LanguageModeling.Evaluate(stream.Transform(_ml.Texts(TinyModel.ValidationSentences))).CrossEntropy;
    }
}
