using System.CommandLine;
using System.CommandLine.Invocation;
using Benchmarks;
using Mos;

ParseResult parse = new BenchmarkCommand().Parse(args);
if (parse.Action is ParseErrorAction)
{
    foreach (string mistake in parse.Errors.Select(error => error.Message).Distinct())
    {
        Console.Error.WriteLine($"benchmarks: {mistake}");
    }

    return ExitCode.WrongUsage;
}

try
{
    return parse.Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception e)
{
    Console.Error.WriteLine($"benchmarks: {Failure.Describe(e)}");
    return ExitCode.Failed;
}
