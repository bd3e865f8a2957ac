using Benchmarks.Measuring;

namespace Benchmarks;

/// <summary>Makes all measurements at a setting, and names each on standard error before it starts.</summary>
internal static class Survey
{
    /// <param name="setting">The sizes.</param>
    /// <param name="process">Measures.</param>
    /// <param name="device">cpu or cuda; there every process takes seconds to start, so memory is measured for the head alone.</param>
    public static IEnumerable<Measurement> Of(Setting setting, MeasuringProcess process, string device)
    {
        foreach (Part part in Enum.GetValues<Part>())
        {
            // Measure memory first: a case that runs out of it is left out when times are measured.
            var fitting = new List<(Case Case, long? ExtraBytes)>();
            foreach (Case which in Case.On(device))
            {
                Console.Error.WriteLine($"benchmarks: {setting.Name}, {part}, {Reports.Names.Of(which)}");
                try
                {
                    fitting.Add((which, device == "cpu" || part == Part.Head ? process.ExtraBytes(setting, part, which) : null));
                }
                catch (MeasurementFailedException e) when (which.Formulation == Formulation.Plain)
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
