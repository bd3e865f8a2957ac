using Mos.Sweeps.Measuring;

namespace Mos.Sweeps;

/// <summary>All figures of a sweep so far.</summary>
/// <param name="Floor">The lowest perplexity that is possible; null where it is not known.</param>
/// <param name="Planned">How many runs there are to be.</param>
/// <param name="Rounds">Of the measurement; 0 before it.</param>
/// <param name="Configurations">Those with a run that has figures, in the order of the sweep.</param>
/// <param name="Failed">Runs without figures.</param>
internal sealed record SweepSummary(
    double? Floor, int Planned, int Rounds, IReadOnlyList<SweptConfiguration> Configurations, IReadOnlyList<FailedRun> Failed)
{
    public static SweepSummary Of(SweepFolder folder, SweepSettings settings)
    {
        (SweepRun Run, RunResult? Result)[] all = [.. settings.Runs.Select(run => (run, folder.Result(run)))];
        Measurement[] measurements = folder.Measurements ?? [];
        SweptConfiguration[] configurations =
        [
            .. from one in all
               where one.Result is { Error: null }
               group one by one.Run.Configuration into runs
               select Describe(runs.First().Run, [.. runs], measurements.FirstOrDefault(m => m.Configuration == runs.Key)),
        ];
        return new(
            settings.Floor, settings.Runs.Length, measurements.Max(m => (int?)m.TrainingSeconds.Length) ?? 0, WithFronts(configurations),
            [.. all.Where(one => one.Result?.Error is not null).Select(one => new FailedRun(one.Run.Name, one.Result!.Error!))]);
    }

    private static SweptConfiguration Describe(SweepRun first, (SweepRun Run, RunResult? Result)[] runs, Measurement? measured) => new()
    {
        Name = first.Configuration,
        Head = first.Head,
        Experts = first.Experts,
        EmbeddingSize = first.EmbeddingSize,
        Runs = [.. runs.OrderBy(one => one.Run.Seed).Select(one => new SweptRun(one.Run.Name, one.Run.Seed, one.Result!))],
        TrainingSeconds = measured is null ? null : Measurement.Median(measured.TrainingSeconds),
        ScoringSeconds = measured is null ? null : Measurement.Median(measured.ScoringSeconds),
        TrainingBytes = measured?.TrainingBytes,
    };

    /// <summary>The same, each with the fronts that it is on among all.</summary>
    public static SweptConfiguration[] WithFronts(SweptConfiguration[] all)
    {
        ILookup<SweptConfiguration, string> fronts = Cost.All
            .SelectMany(cost => Front(all, cost).Select(on => (on, cost.Name)))
            .ToLookup(pair => pair.on, pair => pair.Name);
        return [.. all.Select(one => one with { Fronts = [.. fronts[one]] })];
    }

    /// <summary>The front of perplexity and a cost, by rising cost.</summary>
    public static IReadOnlyList<SweptConfiguration> Front(IEnumerable<SweptConfiguration> all, Cost cost) =>
        ParetoFront.Of(all, one => cost.Of(one) ?? double.NaN, one => one.Perplexity);
}
