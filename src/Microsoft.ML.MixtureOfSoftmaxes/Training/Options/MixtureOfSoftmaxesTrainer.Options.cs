using Microsoft.ML.MixtureOfSoftmaxes.Modeling;

namespace Microsoft.ML.MixtureOfSoftmaxes;

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

        /// <summary>
        /// K, the softmaxes of the mixture; without effect for <see cref="LanguageModelHead.Softmax"/> and
        /// <see cref="LanguageModelHead.Plif"/>. Default 8; 1 to 1,000, for <see cref="LanguageModelHead.Mixtape"/> a power of two from 2 (its
        /// paper has 4).
        /// </summary>
        public int Experts { get; set; } = 8;

        /// <summary>
        /// R: with it the context vectors of all experts are made of R numbers, which are made of the last hidden state, so that the head has
        /// R (K d + H) weights in the place of K d H. For heads whose experts are all of the last layer. Default null: of the hidden state itself;
        /// 1 to H.
        /// </summary>
        public int? LatentRank { get; set; }

        /// <summary>For <see cref="LanguageModelHead.Mixtape"/> alone: the size of gate embeddings. Default 32; at least 1.</summary>
        public int MixtapeGateSize { get; set; } = 32;

        /// <summary>
        /// For <see cref="LanguageModelHead.Mixtape"/> alone: the share of the vocabulary that has gates of its own, from the first key on;
        /// <c>TokenizeIntoVocabulary</c> puts frequent words first. Default 0.1; above 0, at most 1.
        /// </summary>
        public double MixtapeFrequentShare { get; set; } = 0.1;

        /// <summary>
        /// For <see cref="LanguageModelHead.Plif"/> alone: the pieces of its function, each with a slope of its own. Default 100; at least 1.
        /// </summary>
        public int PlifPieces { get; set; } = 100;

        /// <summary>
        /// For <see cref="LanguageModelHead.Plif"/> alone: T, where its pieces divide logits from -T to T; those outside are on the first
        /// or the last piece. Default 20; above 0.
        /// </summary>
        public double PlifRange { get; set; } = 20;

        /// <summary>
        /// For <see cref="LanguageModelHead.DirectOutputConnection"/> alone: how many of the K experts each of the <see cref="LowerLayers"/> has;
        /// the last layer has the others, at least one. Default null: a quarter of K over these layers, as published, where K is 20; at least 1.
        /// </summary>
        public int? LowerExperts { get; set; }

        /// <summary>
        /// For <see cref="LanguageModelHead.DirectOutputConnection"/> alone: how many LSTM layers below the last have experts, the next below it
        /// first. Default 1; 1 to the number of layers less one.
        /// </summary>
        public int LowerLayers { get; set; } = 1;

        /// <summary>
        /// For <see cref="LanguageModelHead.DirectOutputConnection"/> alone: lambda, weight of how uneven the experts' mean priors are. Default
        /// 0.001, as published; at least 0.
        /// </summary>
        public double PriorRegularization { get; set; } = 0.001;

        /// <summary>d, the size of word embeddings, which the decoder shares. Default 128; at least 1.</summary>
        public int EmbeddingSize { get; set; } = 128;

        /// <summary>Outputs of every LSTM layer but the last. Default 256; at least 1.</summary>
        public int HiddenSize { get; set; } = 256;

        /// <summary>
        /// H, outputs of the last LSTM layer. Default null: the hidden size for a mixture, the embedding size for one softmax.
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

        /// <summary>
        /// What the factors of the large matrix products are. Default null: <see cref="Precision.Float32"/> on a CPU,
        /// <see cref="Precision.TensorFloat32"/> on a GPU.
        /// </summary>
        public Precision? Precision { get; set; }

        /// <summary>
        /// Bytes of logits that a GPU holds at a time, at most; those of one token it always does. More at a time are faster, and where they do not
        /// fit, fewer are tried. Default null: 1 GiB, or a quarter of the memory that is free, if that is less; at least 1.
        /// </summary>
        public long? MaximumLogitMemory { get; set; }

        /// <summary>Columns of the token stream trained side by side. Default 20; at least 1.</summary>
        public int BatchSize { get; set; } = 20;

        /// <summary>
        /// Columns of one pass; the gradients of the passes of a batch add up, and each keeps a state of its own, so memory goes down
        /// and the result stays. Default null: the whole batch at once; at least 1.
        /// </summary>
        public int? PassBatchSize { get; set; }

        /// <summary>
        /// Time steps of a training step (truncated back-propagation through time), on average if they vary. Default 35; at least 1.
        /// </summary>
        public int SequenceLength { get; set; } = 35;

        /// <summary>
        /// Standard deviation of the time steps of a training step; the rate scales with them, and one step in twenty has half as many.
        /// Default 0: all the same; at least 0. The paper has 5.
        /// </summary>
        public double SequenceLengthDeviation { get; set; }

        /// <summary>How many time steps above the sequence length a training step has at most, if they vary. Default 20; at least 0.</summary>
        public int SequenceLengthExcess { get; set; } = 20;

        /// <summary>Whether the stream's columns are rotated anew each epoch (partial shuffle; Press, 2019). Default false.</summary>
        public bool PartialShuffle { get; set; }

        /// <summary>
        /// A column of text, keys or integers: a shard of the text begins where its value changes, and the shards are read in another order each
        /// epoch. For lines of text, <c>FileIndex</c> makes each file one. Default null: the text is read as it stands.
        /// </summary>
        public string? ShardColumnName { get; set; }

        /// <summary>
        /// A folder for token ids, which are read from there, a file mapped into memory, so that the data may be larger than memory. Default
        /// null: ids are kept in memory, 4 bytes a token.
        /// </summary>
        public string? TokenCacheFolder { get; set; }

        /// <summary>
        /// With <see cref="TokenCacheFolder"/>: what tells the data from others, and its tokenizer from others with tokens of the same names. A later
        /// run with the same key, column and vocabulary takes the ids that are there, and does not read the data. Default null: the file is of
        /// this run alone, and goes with it.
        /// </summary>
        public string? TokenCacheKey { get; set; }

        /// <summary>What turns gradients into steps. Default <see cref="LanguageModelOptimizer.Sgd"/>.</summary>
        public LanguageModelOptimizer Optimizer { get; set; } = LanguageModelOptimizer.Sgd;

        /// <summary>The optimizer's rate, for the gradient of the mean loss per token. Default 20, for SGD; above 0.</summary>
        public double LearningRate { get; set; } = 20;

        /// <summary>How the rate goes over the run. Default <see cref="LearningRateSchedule.Plateau"/>.</summary>
        public LearningRateSchedule LearningRateSchedule { get; set; } = LearningRateSchedule.Plateau;

        /// <summary>
        /// On a plateau schedule: what the rate is divided by after an epoch whose validation loss was not the best so far. Default 4;
        /// at least 1.
        /// </summary>
        public double LearningRateDecay { get; set; } = 4;

        /// <summary>Steps over which the rate first rises from zero. Default 0: none; at least 0.</summary>
        public int WarmupSteps { get; set; }

        /// <summary>
        /// The window n of NT-ASGD (Merity et al., 2018): from the first epoch whose validation loss is above the best of all but the
        /// last n on, the mean of the weights of all steps is what is validated and kept. Default null: no averaging; at least 1. The
        /// paper has 5. Needs a validation set.
        /// </summary>
        public int? AveragingWindow { get; set; }

        /// <summary>
        /// Epochs of fine-tuning at most: from the best weights on, averaged from the start, until the same test fails. Default 0:
        /// none. Needs a validation set.
        /// </summary>
        public int FinetuneEpochs { get; set; }

        /// <summary>The rate of fine-tuning. Default null: that of training; above 0.</summary>
        public double? FinetuneLearningRate { get; set; }

        /// <summary>The longest gradient, as a 2-norm over all parameters. Default 0.25; above 0.</summary>
        public double ClipNorm { get; set; } = 0.25;

        /// <summary>Weight decay. Default 1.2e-6; at least 0.</summary>
        public double WeightDecay { get; set; } = 1.2e-6;

        /// <summary>Passes over the data. Default 40; at least 1.</summary>
        public int MaximumEpochs { get; set; } = 40;

        /// <summary>Training ends after so many tokens, within an epoch if need be. Default null: no limit; at least 1.</summary>
        public long? MaximumTokens { get; set; }

        /// <summary>
        /// Training ends after so much time, within an epoch if need be; a cosine schedule ends with it. Default null: no limit; above zero.
        /// </summary>
        public TimeSpan? MaximumTime { get; set; }

        /// <summary>
        /// Training ends when the validation loss has not been the best for so many epochs. Default null: it does not; at least 1.
        /// Needs a validation set.
        /// </summary>
        public int? EarlyStoppingEpochs { get; set; }

        /// <summary>
        /// A folder for checkpoints: everything that training needs to go on, written at each epoch's end, every
        /// <see cref="CheckpointInterval"/>, and when cancelled. Default null: none.
        /// </summary>
        public string? CheckpointFolder { get; set; }

        /// <summary>Time between checkpoints within an epoch. Default 10 minutes; above zero.</summary>
        public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(10);

        /// <summary>
        /// Whether to go on from the newest checkpoint in the folder, as if training had never stopped; without one it starts anew.
        /// Default false.
        /// </summary>
        public bool Resume { get; set; }

        /// <summary>A file to which progress is appended, one JSON object a line, every few seconds. Default null: none.</summary>
        public string? LogFile { get; set; }

        /// <summary>
        /// A folder to which the same progress is written as scalars for TensorBoard, which shows it as one run. Default null: none.
        /// </summary>
        public string? TensorBoardFolder { get; set; }

        /// <summary>
        /// Data whose loss decides which epoch's weights are kept, and when the rate falls. It needs the token column, so pass it
        /// through the transformers before the trainer: <c>tokenizer.Transform(valid)</c>. Default null: the last epoch's weights are
        /// kept and the rate stays.
        /// </summary>
        public IDataView? ValidationSet { get; set; }

        /// <summary>The word that stands for unknown ones; added to the vocabulary if it is not there. Default <c>&lt;unk&gt;</c>.</summary>
        public string UnknownWord { get; set; } = "<unk>";

        /// <summary>The mark at the end of each row; added to the vocabulary if it is not there. Default <c>&lt;eos&gt;</c>.</summary>
        public string EndOfSentence { get; set; } = "<eos>";

        /// <summary>
        /// The columns that the trained model adds. Default: the five that every model has, under their own names, each row scored by itself.
        /// </summary>
        public ScoringOptions Scoring { get; set; } = new();

        /// <summary>Gets a report of every step, on a GPU of every sixteenth and the last of an epoch. Default null: none.</summary>
        public IProgress<TrainingProgress>? Progress { get; set; }

        /// <summary>
        /// Whether the processes that mpirun or srun started train one model together: each its share of the columns of
        /// <see cref="BatchSize"/>, with the result of one process. The first process writes checkpoints and logs and tells of progress; <c>Fit</c>
        /// returns the model in each. Default <see cref="DistributedMode.Auto"/>.
        /// </summary>
        public DistributedMode Distributed { get; set; }

        /// <summary>
        /// How long one of several processes waits for the others before it fails. Default 10 minutes; above zero.
        /// </summary>
        public TimeSpan DistributedTimeout { get; set; } = TimeSpan.FromMinutes(10);

        /// <summary>Ends training at the next step; <c>Fit</c> then returns the best weights so far. Default: never.</summary>
        public CancellationToken CancellationToken { get; set; }

        internal NetworkShape Shape(int vocabularySize) => new(
            Head, vocabularySize, EmbeddingSize, HiddenSize, LastHiddenSize ?? (IsOneSoftmax ? EmbeddingSize : HiddenSize), LayerCount,
            IsOneSoftmax ? 1 : Experts,
            Head == LanguageModelHead.Mixtape ? MixtapeGateSize : 0,
            Head == LanguageModelHead.Mixtape ? Math.Max(1, (int)(MixtapeFrequentShare * vocabularySize)) : 0,
            Head == LanguageModelHead.Plif ? PlifPieces : 0,
            Head == LanguageModelHead.Plif ? PlifRange : 0,
            IsOneSoftmax ? 0 : LatentRank ?? 0,
            LowerExperts: Head == LanguageModelHead.DirectOutputConnection ? LowerExperts ?? Math.Max(1, Experts / (4 * LowerLayers)) : 0,
            LowerLayers: Head == LanguageModelHead.DirectOutputConnection ? LowerLayers : 0);

        private bool IsOneSoftmax => Head is LanguageModelHead.Softmax or LanguageModelHead.Plif;

        internal DropoutRates DropoutRates =>
            new(WordDropout, InputDropout, HiddenDropout, OutputDropout, LatentDropout, WeightDropout);
    }
}
