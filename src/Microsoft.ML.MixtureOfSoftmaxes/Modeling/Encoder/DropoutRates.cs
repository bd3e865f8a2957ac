namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>Probabilities of zeroing, each in [0, 1); they act in training only.</summary>
/// <param name="Word">Whole rows of the embedding, one draw per word type and pass.</param>
/// <param name="Input">Embedded words, locked: one mask for all time steps of a column.</param>
/// <param name="Hidden">Between LSTM layers, locked.</param>
/// <param name="Output">The last layer's output, locked.</param>
/// <param name="Latent">The experts' context vectors, locked.</param>
/// <param name="Weight">Hidden-to-hidden weights, one mask per pass.</param>
internal sealed record DropoutRates(double Word, double Input, double Hidden, double Output, double Latent, double Weight)
{
    public static DropoutRates None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Where the random numbers come from.</summary>
    public DropoutSource Source { get; init; }

    public Drop At(DropoutSite site, int layer = 0) => new(RateOf(site), Source, site, layer);

    private double RateOf(DropoutSite site) => site switch
    {
        DropoutSite.Word => Word,
        DropoutSite.Input => Input,
        DropoutSite.Hidden => Hidden,
        DropoutSite.Output => Output,
        DropoutSite.Latent => Latent,
        DropoutSite.Weight => Weight,
        _ => throw new ArgumentOutOfRangeException(nameof(site), site, "There is no such dropout."),
    };
}
