using Benchmarks.Measuring;

namespace Benchmarks;

/// <summary>Every measurement at a setting, told of on standard error as it goes.</summary>
internal static class Survey
{
    /// <param name="measuresMemory">Whether memory can be measured on this device.</param>
    public static IEnumerable<Measurement> Of(Setting setting, MeasuringProcess process, bool measuresMemory)
    {
        foreach (Part part in Enum.GetValues<Part>())
        {
            // Memory first: what does not fit is not run again among the others.
            var fitting = new List<(Case Case, long? ExtraBytes)>();
            foreach (Case which in Case.All)
            {
                Console.Error.WriteLine($"benchmarks: {setting.Name}, {part}, {Reports.Names.Of(which)}");
                try
                {
                    fitting.Add((which, measuresMemory ? process.ExtraBytes(setting, part, which) : null));
                }
                catch (MeasurementFailedException e) when (which == Case.Plain)
                {
                    Console.Error.WriteLine($"benchmarks: {e.Message} The plain formulation is left out here.");
                }
            }

            Console.Error.WriteLine($"benchmarks: {setting.Name}, {part}, times");
            Timing[] timings = process.Time(setting, part, [.. fitting.Select(one => one.Case)]);
            foreach (((Case which, long? bytes), Timing timing) in fitting.Zip(timings))
            {
                yield return new(setting.Name, part, which.Formulation, which.Precision, timing.Seconds, timing.Tokens, bytes);
            }
        }
    }
}
