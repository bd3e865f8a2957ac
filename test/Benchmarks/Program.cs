using Benchmarks;
using Mos;

try
{
    return new BenchmarkCommand().Parse(args).Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception e)
{
    Console.Error.WriteLine($"benchmarks: {Failure.Describe(e)}");
    return ExitCode.Failed;
}
