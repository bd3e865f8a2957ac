using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

public sealed partial class MixtureOfSoftmaxesTrainer
{
    /// <summary>
    /// The network, its regularisation and how it is trained. The defaults are a small model for a corpus of a million tokens;
    /// symbols are those of the paper (Yang et al., ICLR 2018).
    /// </summary>
    public sealed class Options
    {
        /// <summary>How contexts become distributions. Default <see cref="LanguageModelHead.MixtureOfSoftmaxes"/>.</summary>
        public LanguageModelHead Head { get; set; } = LanguageModelHead.MixtureOfSoftmaxes;

        /// <summary>K, the softmaxes of the mixture; without effect for <see cref="LanguageModelHead.Softmax"/>. Default 8; 1 to 1,000.</summary>
        public int Experts { get; set; } = 8;

        /// <summary>d, the size of word embeddings, which the decoder shares. Default 128; at least 1.</summary>
        public int EmbeddingSize { get; set; } = 128;

        /// <summary>Outputs of every LSTM layer but the last. Default 256; at least 1.</summary>
        public int HiddenSize { get; set; } = 256;

        /// <summary>
        /// H, outputs of the last LSTM layer. Default null: the hidden size for a mixture, the embedding size for a softmax.
        /// </summary>
        public int? LastHiddenSize { get; set; }

        /// <summary>LSTM layers. Default 3; 1 to 16.</summary>
        public int LayerCount { get; set; } = 3;

        /// <summary>Dropout of whole words (rows of the embedding). Default 0.1; [0, 1).</summary>
        public double WordDropout { get; set; } = 0.1;

        /// <summary>Locked dropout of embedded words. Default 0.2; [0, 1).</summary>
        public double InputDropout { get; set; } = 0.2;

        /// <summary>Locked dropout between LSTM layers. Default 0.2; [0, 1).</summary>
        public double HiddenDropout { get; set; } = 0.2;

        /// <summary>Locked dropout of the last layer's output. Default 0.2; [0, 1).</summary>
        public double OutputDropout { get; set; } = 0.2;

        /// <summary>Locked dropout of the experts' context vectors. Default 0.2; [0, 1).</summary>
        public double LatentDropout { get; set; } = 0.2;

        /// <summary>Dropout of hidden-to-hidden weights. Default 0.2; [0, 1).</summary>
        public double WeightDropout { get; set; } = 0.2;

        /// <summary>Alpha: weight of the mean squared (dropped) output. Default 0; at least 0. The paper has 2.</summary>
        public double ActivationRegularization { get; set; }

        /// <summary>Beta: weight of the mean squared difference of successive outputs. Default 0; at least 0. The paper has 1.</summary>
        public double TemporalActivationRegularization { get; set; }

        /// <summary>Columns of the token stream trained side by side. Default 20; at least 1.</summary>
        public int BatchSize { get; set; } = 20;

        /// <summary>Time steps of a training step (truncated back-propagation through time). Default 35; at least 1.</summary>
        public int SequenceLength { get; set; } = 35;

        /// <summary>What turns gradients into steps. Default <see cref="LanguageModelOptimizer.Sgd"/>.</summary>
        public LanguageModelOptimizer Optimizer { get; set; } = LanguageModelOptimizer.Sgd;

        /// <summary>The optimizer's rate, for the gradient of the mean loss a token. Default 20, for SGD; above 0.</summary>
        public double LearningRate { get; set; } = 20;

        /// <summary>
        /// What the rate is divided by after an epoch in which the validation loss was not the best so far. Default 4; at least 1.
        /// </summary>
        public double LearningRateDecay { get; set; } = 4;

        /// <summary>The longest gradient, as a 2-norm over all parameters. Default 0.25; above 0.</summary>
        public double ClipNorm { get; set; } = 0.25;

        /// <summary>Weight decay. Default 1.2e-6; at least 0.</summary>
        public double WeightDecay { get; set; } = 1.2e-6;

        /// <summary>Passes over the data. Default 40; at least 1.</summary>
        public int MaximumEpochs { get; set; } = 40;

        /// <summary>Training ends after so many tokens, within an epoch if need be. Default null: no limit; at least 1.</summary>
        public long? MaximumTokens { get; set; }

        /// <summary>
        /// Data whose loss decides which epoch's weights are kept, and when the rate falls. It goes through the same transformers as
        /// the training data. Default null: the last epoch's weights are kept and the rate stays.
        /// </summary>
        public IDataView? ValidationSet { get; set; }

        /// <summary>The word that stands for unknown ones; added to the vocabulary if it is not there. Default <c>&lt;unk&gt;</c>.</summary>
        public string UnknownWord { get; set; } = "<unk>";

        /// <summary>The mark at the end of each row; added to the vocabulary if it is not there. Default <c>&lt;eos&gt;</c>.</summary>
        public string EndOfSentence { get; set; } = "<eos>";

        /// <summary>The columns that the trained model adds. Default: all four under their own names, rows by themselves.</summary>
        public ScoringOptions Scoring { get; set; } = new();

        /// <summary>Told of every step. Default null.</summary>
        public IProgress<TrainingProgress>? Progress { get; set; }

        /// <summary>Ends training at the next step; <c>Fit</c> then returns the best weights so far. Default: never.</summary>
        public CancellationToken Cancellation { get; set; }

        internal NetworkShape Shape(int vocabularySize) => new(
            Head, vocabularySize, EmbeddingSize, HiddenSize,
            LastHiddenSize ?? (Head == LanguageModelHead.Softmax ? EmbeddingSize : HiddenSize), LayerCount,
            Head == LanguageModelHead.Softmax ? 1 : Experts);

        internal DropoutRates DropoutRates =>
            new(WordDropout, InputDropout, HiddenDropout, OutputDropout, LatentDropout, WeightDropout);
    }
}
